import { uncountedChanges } from "./count-up.ts";
import { CounterChanges } from "./counter-changes.ts";
import type { EntryBody } from "./journal-entry.ts";
import type { JournalHead } from "./journal-store.ts";
import type { Budget } from "./types.ts";

/** How far the journal goes, up to where its entries are in the tables, and by which definitions. As read in the transaction that uses it. */
interface Place {
  head: JournalHead;
  countedSeq: number;
  revision: number;
}

/**
 * What entries that are not counted up yet change of the counters, kept in memory between calls.
 *
 * Invariant: what it answers at a place is what the journal's entries between `countedSeq` and `head` say of the budgets of that
 * revision. At any other place the entries are read anew, so also after a transaction that was rolled back: the head's hash
 * names one journal, and a revision one state of the budgets.
 */
export class Uncounted {
  readonly #sql: SqlStorage;
  #changes = new CounterChanges();
  #at: Place | null = null;
  #entries = 0;
  /** The last entry that was written for sure. */
  #written: JournalHead | null = null;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** How many entries there are to be counted, as far as it is known. */
  get entries(): number {
    return this.#entries;
  }

  /** The last entry of a hold or an end that this instance has written, or null: an audit must find it. */
  get written(): JournalHead | null {
    return this.#written;
  }

  at(place: Place): CounterChanges {
    this.#entries = place.head.seq - place.countedSeq;
    if (!this.#isAt(place)) {
      this.#at = null;
      this.#changes = uncountedChanges(this.#sql, place.countedSeq);
      this.#at = place;
    }
    return this.#changes;
  }

  /** An entry was written at a place, and `head` is its own. `budgets`: those that its job counts against, if it moves counters. */
  append(place: Place, head: JournalHead, body: EntryBody, budgets: readonly Budget[] = []): void {
    this.#entries = head.seq - place.countedSeq;
    const isAt = this.#isAt(place);
    this.#at = null;
    // Where it was not known so far, whoever asks next reads it.
    if (!isAt) return;
    this.#changes.add(body, () => budgets);
    this.#at = { ...place, head };
  }

  /** The transaction that wrote up to here is over. */
  committed(): void {
    if (this.#at) this.#written = this.#at.head;
  }

  #isAt({ head, countedSeq, revision }: Place): boolean {
    const at = this.#at;
    return at !== null && at.head.hash === head.hash && at.countedSeq === countedSeq && at.revision === revision;
  }
}
