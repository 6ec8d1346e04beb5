import { budgetsOf } from "./budget-store.ts";
import { CounterChanges } from "./counter-changes.ts";
import { changeCounters } from "./counter-store.ts";
import type { EntryBody, JobFacts } from "./journal-entry.ts";
import { journalHead, readRows } from "./journal-store.ts";
import { scopesOf } from "./scope.ts";
import { addSpend } from "./spend-store.ts";
import { countedSeq, setCountedSeq } from "./tenant-store.ts";
import type { Budget } from "./types.ts";

/**
 * Brings the tables of what is counted (counters, spend) up to the journal's head. Whoever reads them, or changes a
 * budget, calls this first, in the same transaction: entries are counted by the budgets that stood when they were written.
 * Throws where entries are missing or cannot be read: the transaction must then be rolled back.
 */
export function countUp(sql: SqlStorage): void {
  const counted = countedSeq(sql);
  let head = counted;
  const changes = new CounterChanges();
  const captured: JobFacts[] = [];
  const budgets = asker(sql);
  for (const { seq, body } of uncountedBodies(sql, counted)) {
    head = seq;
    changes.add(body, budgets);
    if (body.kind === "capture") captured.push(body.job);
  }
  if (head === counted) return;
  changeCounters(sql, changes.all());
  addSpend(sql, captured);
  setCountedSeq(sql, head);
}

/** The same in a transaction of its own: all of it or nothing is written. Null: it is; else why it cannot be. */
export function tryCountUp(storage: DurableObjectStorage): string | null {
  try {
    storage.transactionSync(() => countUp(storage.sql));
    return null;
  } catch (error) {
    return String(error);
  }
}

/** What the entries after `counted` change of the counters: what `countUp` would write. */
export function uncountedChanges(sql: SqlStorage, counted: number): CounterChanges {
  const changes = new CounterChanges();
  const budgets = asker(sql);
  for (const { body } of uncountedBodies(sql, counted)) changes.add(body, budgets);
  return changes;
}

/** Nothing may be left out: what is missing here would never be counted. */
function* uncountedBodies(sql: SqlStorage, counted: number): Generator<{ seq: number; body: EntryBody }> {
  let last = counted;
  for (const { seq, body } of readRows(sql, counted, Number.MAX_SAFE_INTEGER)) {
    if (seq !== last + 1) throw new Error(`the journal has no entry ${last + 1}, and none up to ${seq} is counted`);
    last = seq;
    yield { seq, body: JSON.parse(body) as EntryBody };
  }
  if (last === counted && journalHead(sql).seq < counted) throw new Error(`the journal ends before entry ${counted}`);
}

/** Jobs of a run have few scopes between them, so each set of them is asked for once. */
function asker(sql: SqlStorage): (job: JobFacts) => readonly Budget[] {
  const known = new Map<string, readonly Budget[]>();
  return (job) => {
    const scopes = scopesOf(job);
    const key = `${job.mode}:${JSON.stringify(scopes)}`;
    const found = known.get(key) ?? budgetsOf(sql, job.mode, scopes);
    known.set(key, found);
    return found;
  };
}
