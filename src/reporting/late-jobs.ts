import type { Refusal } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import type { JournalEntry, Mode } from "../ledger/journal-entry.ts";
import { jobChanges, supersedes, type JobChange } from "./job-changes.ts";
import { completeTo } from "./complete-to.ts";
import type { Journal } from "./replay-journal.ts";
import type { JobStatus } from "./schema.ts";

const PAGE_ENTRIES_MAX = 500;

/** Entries that a read takes from the journal; more is said to be too far behind. */
export const LATE_ENTRIES_MAX = 5_000;

/** A job as D1 and the journal have it together. Times are epoch ms, amounts micro-dollars. */
export interface JobNow {
  id: string;
  mode: Mode;
  model: string;
  keyId: string;
  admittedAt: number;
  status: JobStatus;
  endedAt: number | null;
  priceMicros: number | null;
  heldMicros: number | null;
  refundedAt: number | null;
  deletedAt: number | null;
  /** null: of no team. */
  team: string | null;
  seconds: number;
  costMicros: number;
  rateVersion: number;
  tags: Record<string, string>;
  outcome: string | null;
  reason: string | null;
}

/** Jobs of which the journal says more than D1 had heard up to its watermark. What is read of D1 leaves them out. */
export interface LateJobs {
  jobs: readonly JobNow[];
  /** JSON list of all their ids, for SQL. */
  ids: string;
}

/**
 * Reads what D1 has not heard yet, so that a job is on its tenant's lists as soon as its submit was answered. D1 may
 * have heard some of it all the same: whichever of the two says more has the word. Refused (503) if D1 is too far behind.
 */
export async function readLateJobs(
  db: D1Database,
  tenant: string,
  journal: Pick<Journal, "entries">,
): Promise<Result<LateJobs, Refusal>> {
  const entries = await entriesAfterD1(db, tenant, journal);
  if (!entries.ok) return entries;
  const changes = jobChanges(entries.value);
  const ids = JSON.stringify(changes.map(({ jobId }) => jobId));
  if (changes.length === 0) return ok({ jobs: [], ids });
  const stored = await storedJobs(db, tenant, ids);
  return ok({ jobs: changes.flatMap((change) => jobNow(change, stored.get(change.jobId)) ?? []), ids });
}

async function entriesAfterD1(
  db: D1Database,
  tenant: string,
  journal: Pick<Journal, "entries">,
): Promise<Result<JournalEntry[], Refusal>> {
  const late: JournalEntry[] = [];
  let { seq } = await completeTo(db, tenant);
  for (;;) {
    const { entries, headSeq } = await journal.entries(seq, PAGE_ENTRIES_MAX);
    if (headSeq - seq + late.length > LATE_ENTRIES_MAX) return err(BEHIND);
    late.push(...entries);
    seq = entries.at(-1)?.seq ?? headSeq;
    if (seq >= headSeq) return ok(late);
  }
}

/** Jobs as D1 has them, by id; `admittedAt` 0: without their facts. `ids`: JSON list. */
export async function storedJobs(db: D1Database, tenant: string, ids: string): Promise<Map<string, Stored>> {
  const { results } = await db.prepare(READ).bind(tenant, ids).all<Omit<Stored, "tags"> & { tags: string }>();
  return new Map(results.map((row) => [row.id, { ...row, tags: JSON.parse(row.tags) as JobNow["tags"] }]));
}

type Stored = JobNow & { statusSeq: number };

const READ = `
  SELECT id, mode, model, key_id AS keyId, admitted_at AS admittedAt, status, status_seq AS statusSeq,
         ended_at AS endedAt, price_micros AS priceMicros, held_micros AS heldMicros, refunded_at AS refundedAt,
         deleted_at AS deletedAt, nullif(team, '') AS team, seconds, cost_micros AS costMicros,
         rate_version AS rateVersion, tags, outcome, reason
  FROM jobs WHERE tenant = ?1 AND id IN (SELECT value FROM json_each(?2))`;

/** Null: neither has the job's facts. */
function jobNow({ jobId, facts, change, refundedAt }: JobChange, stored: Stored | undefined): JobNow | null {
  const known = stored && stored.admittedAt > 0 ? stored : null;
  if (!known && !facts) return null;
  const said = stored && !supersedes(change, { seq: stored.statusSeq, endedAt: stored.endedAt }) ? stored : change;
  return {
    id: jobId,
    mode: known?.mode ?? facts?.mode ?? "live",
    model: known?.model ?? facts?.model ?? "",
    keyId: known?.keyId ?? facts?.keyId ?? "",
    admittedAt: known?.admittedAt ?? facts?.admittedAt ?? 0,
    status: said.status,
    endedAt: said.endedAt,
    priceMicros: said.priceMicros,
    heldMicros: known?.heldMicros ?? facts?.priceMicros ?? null,
    refundedAt: stored?.refundedAt ?? refundedAt,
    deletedAt: stored?.deletedAt ?? null,
    team: (known ?? facts)?.team ?? null,
    seconds: (known ?? facts)?.seconds ?? 0,
    costMicros: (known ?? facts)?.costMicros ?? 0,
    rateVersion: (known ?? facts)?.rateVersion ?? 0,
    tags: (known ?? facts)?.tags ?? {},
    outcome: said.outcome,
    reason: said.reason,
  };
}

const BEHIND: Refusal = {
  code: "report_behind",
  message: `lists are being brought up to date: more than ${LATE_ENTRIES_MAX} entries are on their way`,
  retryAfterSeconds: 10,
};
