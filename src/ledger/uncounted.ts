import { uncountedChanges } from "./count-up.ts";
import { CounterChanges } from "./counter-changes.ts";
import type { EntryBody } from "./journal-entry.ts";
import type { JournalHead } from "./journal-store.ts";
import type { Budget } from "./types.ts";

/** How far the journal goes, and up to where its entries are in the tables. As read in the transaction that uses it. */
interface Place {
  head: JournalHead;
  countedSeq: number;
}

/**
 * What entries that are not counted up yet change of the counters, kept in memory between calls.
 *
 * Invariant: what it answers at a place is what the journal's entries between `countedSeq` and `head` say. The head's hash
 * names one journal for ever, so a place that a transaction was rolled back from never comes again; at any other
 * place the entries are read anew. Budgets change only after all entries are counted (`count-up.ts`).
 */
export class Uncounted {
  readonly #sql: SqlStorage;
  #changes = new CounterChanges();
  #hash: string | null = null;
  #countedSeq = 0;
  #entries = 0;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** How many entries there are to be counted, as far as it is known. */
  get entries(): number {
    return this.#entries;
  }

  at(place: Place): CounterChanges {
    this.#entries = place.head.seq - place.countedSeq;
    if (!this.#isAt(place)) {
      this.#changes = uncountedChanges(this.#sql, place.countedSeq);
      this.#countedSeq = place.countedSeq;
      this.#hash = place.head.hash;
    }
    return this.#changes;
  }

  /** An entry was written at a place, and `head` is its own. `budgets`: those that its job counts against. */
  append(place: Place, head: JournalHead, body: EntryBody, budgets: readonly Budget[]): void {
    this.#entries = head.seq - place.countedSeq;
    // Not known so far: whoever asks next reads it.
    if (!this.#isAt(place)) return;
    this.#changes.add(body, () => budgets);
    this.#hash = head.hash;
  }

  #isAt({ head, countedSeq }: Place): boolean {
    return this.#hash === head.hash && this.#countedSeq === countedSeq;
  }
}
