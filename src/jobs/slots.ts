/** A counting semaphore: the platform allows six outgoing connections, and workerd does not check. */
export class Slots {
  readonly #limit: number;
  readonly #waiting: (() => void)[] = [];
  #taken = 0;
  /** The most that were ever taken at once: what tests compare with the limit. */
  peak = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get isFree(): boolean {
    return this.#taken < this.#limit;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#taken >= this.#limit) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#taken += 1;
    this.peak = Math.max(this.peak, this.#taken);
    try {
      return await work();
    } finally {
      // The slot is handed on, so a newcomer cannot slip in between.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#taken -= 1;
    }
  }
}
