import { log } from "../observability/log.ts";
import { countUp } from "./count-up.ts";
import type { Uncounted } from "./uncounted.ts";

/**
 * Entries that are counted together: their counters are written once for all of them. A new instance reads as many, and so does
 * whoever asks for the books: some microseconds each.
 */
export const COUNTED_TOGETHER = 100;

/** When a ledger's entries are counted up: before anybody reads the books, and whenever there are many. */
export class Counting {
  readonly #storage: DurableObjectStorage;
  readonly #uncounted: Uncounted;
  #countsAt = COUNTED_TOGETHER;

  constructor(storage: DurableObjectStorage, uncounted: Uncounted) {
    this.#storage = storage;
    this.#uncounted = uncounted;
  }

  /** One transaction that begins with every entry counted. */
  first<T>(work: () => T): T {
    return this.#storage.transactionSync(() => {
      countUp(this.#storage.sql);
      return work();
    });
  }

  /** Call after entries were written. Books that cannot be counted hold up no hold and no end: audits say what is wrong there. */
  many(): void {
    if (this.#uncounted.entries < this.#countsAt) return;
    try {
      this.first(() => undefined);
      this.#countsAt = COUNTED_TOGETHER;
    } catch (error) {
      this.#countsAt = this.#uncounted.entries + COUNTED_TOGETHER;
      log.error("a ledger's entries cannot be counted", { error });
    }
  }
}
