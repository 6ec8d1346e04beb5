import { log } from "../observability/log.ts";
import { tryCountUp } from "./count-up.ts";
import type { CountersInUse } from "./counters-in-use.ts";

/**
 * Entries that are counted together: their counters are written once for all of them. A new instance reads as many, and so does
 * whoever asks for the books: some microseconds each.
 */
export const COUNTED_TOGETHER = 100;

/**
 * When a ledger's entries are counted up: before the books are read, and whenever there are many. Entries that cannot be counted
 * hold up no end, no change and no read here: audits name them.
 */
export class Counting {
  readonly #storage: DurableObjectStorage;
  readonly #counters: CountersInUse;
  #countsAt = COUNTED_TOGETHER;

  constructor(storage: DurableObjectStorage, counters: CountersInUse) {
    this.#storage = storage;
    this.#counters = counters;
  }

  /** Counts every entry. False: that cannot be done. */
  all(): boolean {
    const error = tryCountUp(this.#storage);
    if (error !== null) log.error("a ledger's entries cannot be counted", { error });
    return error === null;
  }

  /** Call after entries were written, in the same tick: it is one commit. */
  many(): void {
    this.#counters.committed();
    const { entries } = this.#counters;
    if (entries < COUNTED_TOGETHER) this.#countsAt = COUNTED_TOGETHER;
    if (entries < this.#countsAt) return;
    this.#countsAt = this.all() ? COUNTED_TOGETHER : entries + COUNTED_TOGETHER;
  }
}
