/** Between two looks. */
const LOOK_MS = 250;

/**
 * Nothing moved for this long: it never will. Longer than any wait that the variables of the storm allow, and than two
 * leases of a permit: one that was lost with its tracker is asked about when its lease is over.
 */
const STILL_MS_MAX = 75_000;

/** However much it moves. */
const WHOLE_MS_MAX = 240_000;

/** Waits as long as there is progress, and then fails with what was waited for. */
export class Patience {
  readonly #what: string;
  readonly #began = Date.now();
  #last = "";
  #movedAt = Date.now();

  constructor(what: string) {
    this.#what = what;
  }

  async wait(progress: string, show: () => string[]): Promise<void> {
    if (progress !== this.#last) this.#movedAt = Date.now();
    this.#last = progress;
    const [still, whole] = [Date.now() - this.#movedAt, Date.now() - this.#began];
    if (still > STILL_MS_MAX || whole > WHOLE_MS_MAX) {
      throw new Error(
        `waited ${whole} ms, the last ${still} without progress, until ${this.#what}:\n${show().join("\n")}`,
      );
    }
    await scheduler.wait(LOOK_MS);
  }
}
