import { uncountedChanges } from "./count-up.ts";
import { CounterChanges, counterKey } from "./counter-changes.ts";
import { readCounters, toState, type CounterRow } from "./counter-store.ts";
import type { EntryBody } from "./journal-entry.ts";
import type { JournalHead } from "./journal-store.ts";
import type { Budget, BudgetState } from "./types.ts";
import { windowAt } from "./windows.ts";

/** How far the journal goes, up to where its entries are in the tables, and by which definitions. As read in the transaction that uses it. */
interface Place {
  head: JournalHead;
  countedSeq: number;
  revision: number;
}

/** Rows that are kept; a tenant of many tags has many budgets. */
const ROWS_MAX = 2_000;

/**
 * The budgets' counters as of the journal's head: rows of the table, and what entries that are not counted up yet change of them,
 * both kept in memory between calls.
 *
 * Invariant: what it answers at a place is what the table says there, and the journal's entries between `countedSeq` and `head`
 * say of the budgets of that revision. At any other place all is read anew, so also after a transaction that was rolled
 * back: the head's hash names one journal, and a revision one state of the budgets. Whatever writes to the table changes
 * `countedSeq` or the revision: rows are written by counting up, with a budget, and with a threshold, before which all is counted.
 */
export class CountersInUse {
  readonly #sql: SqlStorage;
  readonly #rows = new Map<string, CounterRow | undefined>();
  #changes = new CounterChanges();
  #at: Place | null = null;
  #entries = 0;
  /** The last entry of the transaction that is under way, and of those that are over. */
  #pending: JournalHead | null = null;
  #written: JournalHead | null = null;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** How many entries there are to be counted, as far as it is known. */
  get entries(): number {
    return this.#entries;
  }

  /** The last entry of a hold, an end or a mark that this instance has written, or null: an audit must find it. */
  get written(): JournalHead | null {
    return this.#written;
  }

  /** Each of these budgets as its window at `time`, epoch ms, stands. */
  states(place: Place, budgets: readonly Budget[], time: number): BudgetState[] {
    this.#goTo(place);
    const bound = budgets.map((budget) => {
      const window = windowAt(budget.window, time, budget.timeZone);
      return { budget, window, key: counterKey(budget.id, window.id) };
    });
    if (this.#rows.size + bound.length > ROWS_MAX) this.#rows.clear();
    this.#read(bound.filter(({ key }) => !this.#rows.has(key)));
    return bound.map(({ budget, window, key }) =>
      toState(budget, window, this.#rows.get(key), this.#changes.of(budget.id, window.id)),
    );
  }

  /** An entry was written at a place, and `head` is its own. `budgets`: those that its job counts against, if it moves counters. */
  append(place: Place, head: JournalHead, body: EntryBody, budgets: readonly Budget[] = []): void {
    this.#entries = head.seq - place.countedSeq;
    this.#pending = head;
    const isAt = this.#isAt(place);
    this.#at = null;
    // Where it was not known so far, whoever asks next reads it.
    if (!isAt) return;
    this.#changes.add(body, () => budgets);
    this.#at = { ...place, head };
  }

  /** What was written is there for good. */
  committed(): void {
    this.#written = this.#pending ?? this.#written;
    this.#pending = null;
  }

  /** What was written is gone. */
  rolledBack(): void {
    this.#pending = null;
    this.#at = null;
  }

  #goTo(place: Place): void {
    this.#entries = place.head.seq - place.countedSeq;
    if (this.#isAt(place)) return;
    this.#at = null;
    this.#rows.clear();
    this.#changes = uncountedChanges(this.#sql, place.countedSeq);
    this.#at = place;
  }

  /** In one statement, however many there are. */
  #read(missing: readonly { budget: Budget; window: { id: string }; key: string }[]): void {
    if (missing.length === 0) return;
    const found = readCounters(
      this.#sql,
      missing.map(({ budget, window }) => [budget.id, window.id]),
    );
    for (const { budget, key } of missing) this.#rows.set(key, found.get(budget.id));
  }

  #isAt({ head, countedSeq, revision }: Place): boolean {
    const at = this.#at;
    return at !== null && at.head.hash === head.hash && at.countedSeq === countedSeq && at.revision === revision;
  }
}
