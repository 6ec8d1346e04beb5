/**
 * Looks for the highest rate that still holds: doubles until one does not, then halves what lies between. Pure; whoever
 * drives it asks `next`, tries that rate and tells how it went, so that the searches of several subjects go in turns.
 */
export class RateSearch {
  #held = 0;
  #failed: number | null = null;
  #tries = 0;
  readonly #from: number;
  readonly #max: number;
  readonly #triesMax: number;

  constructor({ from, max, tries }: { from: number; max: number; tries: number }) {
    this.#from = from;
    this.#max = max;
    this.#triesMax = tries;
  }

  /** The rate to try now; null: the search is over. */
  next(): number | null {
    if (this.#tries >= this.#triesMax || this.#held >= this.#max) return null;
    if (this.#failed === null) return this.#held === 0 ? this.#from : Math.min(this.#held * 2, this.#max);
    const between = Math.round((this.#held + this.#failed) / 2);
    return this.#failed - this.#held <= Math.max(1, this.#failed * PRECISION) ? null : between;
  }

  /** How it went with the rate that was asked for last: it lies between the best and the lowest that failed. */
  tell(rate: number, holds: boolean): void {
    this.#tries += 1;
    if (holds) this.#held = rate;
    else this.#failed = rate;
  }

  /** The highest rate that held; 0: none did. */
  get best(): number {
    return this.#held;
  }

  /** Whether the answer is the bound of the search, and not the subject's. */
  get isOpen(): boolean {
    return this.#held >= this.#max;
  }
}

/** Closer than this share the answers of two runs differ anyway. */
const PRECISION = 0.08;
