import { jobIdOf, type EntryBody, type JournalEntry } from "../ledger/journal-entry.ts";
import { countEnds } from "./count-ends.ts";
import { copyMovements } from "./credit-movements.ts";
import { jobChanges } from "./job-changes.ts";
import { upsertJobs } from "./upsert-jobs.ts";

/** Keeps the JSON of one statement far below D1's 2 MB, also with every tag filled. */
const ENTRIES_PER_BATCH_MAX = 200;

/** Between two chunks of a tenant's backlog: D1 does one thing at a time, and under `npm start` it does it in the thread that answers everybody. */
const PAUSE_MS = 20;

/**
 * Gives each entry its effect on D1 REPORT exactly once, whatever was applied before and in whatever
 * order. Entries go in chunks, a pause apart, each one atomic batch of at most 5 statements; if it throws (D1 is away),
 * the chunks before stay and the same call again does the rest. The watermark is not moved.
 */
export async function applyEntries(db: D1Database, tenant: string, entries: readonly JournalEntry[]): Promise<void> {
  for (let start = 0; start < entries.length; start += ENTRIES_PER_BATCH_MAX) {
    if (start > 0) await scheduler.wait(PAUSE_MS);
    const chunk = uniqueBySeq(entries.slice(start, start + ENTRIES_PER_BATCH_MAX));
    await db.batch([
      ...upsertJobs(db, tenant, jobChanges(chunk)),
      // Before the events: these count only what has no event row yet.
      ...countEnds(db, tenant, chunk),
      ...copyMovements(db, tenant, chunk),
      insertEvents(db, tenant, chunk),
    ]);
  }
}

/** The roll-ups look for event rows of earlier batches, so a chunk must not hold an entry twice. */
function uniqueBySeq(entries: readonly JournalEntry[]): JournalEntry[] {
  return [...new Map(entries.map((entry) => [entry.seq, entry])).values()];
}

function insertEvents(db: D1Database, tenant: string, entries: readonly JournalEntry[]): D1PreparedStatement {
  const rows = entries.map(({ seq, at, localDay, body, hash }) => ({
    seq,
    at,
    kind: body.kind,
    job: jobIdOf(body) ?? "",
    day: localDay,
    credit: creditMoved(body),
    hash,
  }));
  return db.prepare(INSERT_EVENTS).bind(tenant, JSON.stringify(rows));
}

/** What an entry adds to the tenant's credit, or takes from it. */
function creditMoved(body: EntryBody): number {
  if (body.kind === "credit") return body.amountMicros;
  return body.kind === "capture" && body.job.onCredit ? -body.job.priceMicros : 0;
}

const INSERT_EVENTS = `
  INSERT INTO usage_events (tenant, seq, at, kind, job_id, local_day, credit_micros, hash)
  SELECT ?1, value ->> 'seq', value ->> 'at', value ->> 'kind', value ->> 'job', value ->> 'day', value ->> 'credit',
    value ->> 'hash'
  FROM json_each(?2) WHERE true
  ON CONFLICT (tenant, seq) DO NOTHING`;
