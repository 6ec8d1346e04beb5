import { formatMicros } from "../money/micros.ts";
import { allBudgets, stateAt } from "./budget-store.ts";
import { openHolds } from "./hold-store.ts";
import { chainHash, ENTRIES_MAX, GENESIS_HASH, ledgerNow, readRawEntries } from "./journal-store.ts";
import type { EntryBody, JobFacts } from "./journal-entry.ts";
import { scopeKey, scopesOf } from "./scope.ts";
import type { AuditReport } from "./types.ts";

/** Differences that one report names; the verdict counts them all. */
const DIFFERENCES_MAX = 100;

/** What the journal alone says: which holds are open, and which jobs were captured. */
interface Replay {
  entries: number;
  open: Map<string, JobFacts>;
  captured: JobFacts[];
  differences: string[];
}

/** Rebuilds every hold and balance from the journal, and compares with the tables in use. */
export function audit(sql: SqlStorage): AuditReport {
  const replay = replayJournal(sql);
  compareHolds(sql, replay);
  compareBudgets(sql, replay);
  compareSpend(sql, replay);
  const sum = (jobs: Iterable<JobFacts>): number => [...jobs].reduce((total, job) => total + job.priceMicros, 0);
  return {
    consistent: replay.differences.length === 0,
    entries: replay.entries,
    capturedMicros: sum(replay.captured),
    heldMicros: sum(replay.open.values()),
    openHolds: replay.open.size,
    differences: replay.differences.slice(0, DIFFERENCES_MAX),
  };
}

function replayJournal(sql: SqlStorage): Replay {
  const replay: Replay = { entries: 0, open: new Map(), captured: [], differences: [] };
  let previous = GENESIS_HASH;
  for (;;) {
    const page = readRawEntries(sql, replay.entries);
    for (const row of page) {
      replay.entries += 1;
      if (row.seq !== replay.entries) replay.differences.push(`journal: entry ${replay.entries} is missing`);
      if (chainHash(previous, row) !== row.hash)
        replay.differences.push(`journal: entry ${row.seq} breaks the hash chain`);
      previous = row.hash;
      apply(replay, JSON.parse(row.body) as EntryBody);
    }
    if (page.length < ENTRIES_MAX) return replay;
  }
}

function apply(replay: Replay, body: EntryBody): void {
  if (body.kind === "hold") {
    if (replay.open.has(body.job.jobId)) replay.differences.push(`job ${body.job.jobId}: held twice`);
    replay.open.set(body.job.jobId, body.job);
  } else if (body.kind === "capture" || body.kind === "release") {
    if (!replay.open.delete(body.job.jobId))
      replay.differences.push(`job ${body.job.jobId}: ended without an open hold`);
    if (body.kind === "capture") replay.captured.push(body.job);
  }
}

function compareHolds(sql: SqlStorage, replay: Replay): void {
  const rows = new Map([...openHolds(sql)].map((hold) => [hold.job.jobId, hold.job]));
  for (const [id, job] of replay.open) {
    const row = rows.get(id);
    if (!row) replay.differences.push(`job ${id}: open in the journal, no hold row`);
    else if (row.priceMicros !== job.priceMicros) replay.differences.push(`job ${id}: hold row has another amount`);
  }
  for (const id of rows.keys()) {
    if (!replay.open.has(id)) replay.differences.push(`job ${id}: hold row without an open journal entry`);
  }
}

function compareBudgets(sql: SqlStorage, replay: Replay): void {
  const now = ledgerNow(sql);
  for (const budget of allBudgets(sql)) {
    const state = stateAt(sql, budget, now);
    const counts = (job: JobFacts): boolean =>
      job.mode === budget.mode &&
      job.admittedAt >= (state.windowStart ?? 0) &&
      job.admittedAt < (state.windowEnd ?? Number.MAX_SAFE_INTEGER) &&
      scopesOf(job).includes(scopeKey(budget.scope));
    const expect = (name: string, jobs: Iterable<JobFacts>, inUse: number): void => {
      const rebuilt = [...jobs].filter(counts).reduce((total, job) => total + job.priceMicros, 0);
      if (rebuilt !== inUse) {
        replay.differences.push(
          `budget ${budget.id}: ${name} ${formatMicros(inUse)} in use, ${formatMicros(rebuilt)} from the journal`,
        );
      }
    };
    expect("captured", replay.captured, state.capturedMicros);
    expect("held", replay.open.values(), state.heldMicros);
  }
}

function compareSpend(sql: SqlStorage, replay: Replay): void {
  const inUse = Number(sql.exec("SELECT COALESCE(SUM(captured_micros), 0) AS sum FROM spend").one()["sum"]);
  const rebuilt = replay.captured.reduce((total, job) => total + job.priceMicros, 0);
  if (inUse !== rebuilt) {
    replay.differences.push(`spend: ${formatMicros(inUse)} in use, ${formatMicros(rebuilt)} from the journal`);
  }
}
