import type { JobOutcome, Mode } from "../ledger/journal-entry.ts";
import type { PredictionResult } from "../upstream/answers.ts";
import type { Job, JobNotify, JobState, ShownJob, JobTerms, PendingSettlement, UpstreamRefusal } from "./job.ts";

type Row = Record<string, SqlStorageValue>;

/** Column of each field of a job, and how it is written. The id is the key and never changes. */
const COLUMNS = {
  tenant: "tenant",
  mode: "mode",
  model: "model",
  priceMicros: "price_micros",
  costMicros: "cost_micros",
  state: "state",
  terms: "terms",
  upstreamId: "upstream_id",
  upstreamStatus: "upstream_status",
  account: "account",
  accounts: "accounts",
  priority: "priority",
  weight: "weight",
  inputHash: "input_hash",
  inputUntil: "input_until",
  createdAt: "created_at",
  queuedAt: "queued_at",
  sentAt: "sent_at",
  unknownAt: "unknown_at",
  runningAt: "running_at",
  endedAt: "ended_at",
  nextAt: "next_at",
  attempts: "attempts",
  walks: "walks",
  walkedAt: "walked_at",
  oddSince: "odd_since",
  settlement: "settlement",
  settled: "settled",
  settledAt: "settled_at",
  reconcileAt: "reconcile_at",
  reconcileTries: "reconcile_tries",
  reconciledAt: "reconciled_at",
  billedMicros: "billed_micros",
  loss: "loss",
  result: "result",
  refusal: "refusal",
  hookSeen: "hook_seen",
  acknowledged: "acknowledged",
  claimed: "claimed",
  needsOperator: "needs_operator",
  cancelAsked: "cancel_asked",
  deletedAt: "deleted_at",
  notify: "notify",
  notifyAt: "notify_at",
  candidate: "candidate",
  outcome: "outcome",
  base64Output: "base64_output",
} as const satisfies Record<Exclude<keyof Job, "id">, string>;

type Field = keyof typeof COLUMNS;

const stored = (value: Job[Field]): SqlStorageValue => {
  if (typeof value === "boolean") return Number(value);
  return typeof value === "object" && value !== null ? JSON.stringify(value) : value;
};

const fieldsOf = (job: Partial<Job>): Field[] => (Object.keys(COLUMNS) as Field[]).filter((f) => job[f] !== undefined);

export function insertJob(sql: SqlStorage, job: Job): void {
  const fields = fieldsOf(job);
  sql.exec(
    `INSERT INTO jobs (id, ${fields.map((f) => COLUMNS[f]).join(", ")}) VALUES (?${", ?".repeat(fields.length)})`,
    job.id,
    ...fields.map((f) => stored(job[f])),
  );
}

/** Writes only what differs: a poll that brought nothing new costs one row. */
export function updateJob(sql: SqlStorage, id: string, change: Partial<Job>): void {
  const fields = fieldsOf(change);
  if (fields.length === 0) return;
  sql.exec(
    `UPDATE jobs SET ${fields.map((f) => `${COLUMNS[f]} = ?`).join(", ")} WHERE id = ?`,
    ...fields.map((f) => stored(change[f] as Job[Field])),
    id,
  );
}

export function findJob(sql: SqlStorage, id: string): Job | null {
  const row = sql.exec<Row>("SELECT * FROM jobs WHERE id = ?", id).toArray()[0];
  return row ? toJob(row) : null;
}

/** Jobs with something due, the longest due first. */
export const dueJobs = (sql: SqlStorage, now: number, limit: number): Job[] =>
  sql.exec<Row>("SELECT * FROM jobs WHERE next_at <= ? ORDER BY next_at LIMIT ?", now, limit).toArray().map(toJob);

export function nextDue(sql: SqlStorage): number | null {
  const at = sql.exec("SELECT MIN(next_at) AS at FROM jobs WHERE next_at IS NOT NULL").one()["at"];
  return typeof at === "number" ? at : null;
}

export const countUnfinished = (sql: SqlStorage): number =>
  Number(sql.exec("SELECT COUNT(*) AS n FROM jobs WHERE next_at IS NOT NULL").one()["n"]);

/** The columns of what a tenant is shown: a read is asked for far more often than anything changes. */
const SHOWN = `id, model, state, upstream_status, price_micros, created_at, running_at, ended_at, result, refusal, outcome,
  deleted_at, base64_output`;

/** What a tenant is shown of a job; null: there is none. */
export function findShown(sql: SqlStorage, id: string): ShownJob | null {
  const row = sql.exec<Row>(`SELECT ${SHOWN} FROM jobs WHERE id = ?`, id).toArray()[0];
  if (!row) return null;
  return {
    id: String(row["id"]),
    model: String(row["model"]),
    state: String(row["state"]) as JobState,
    upstreamStatus: textOrNull(row["upstream_status"]),
    priceMicros: Number(row["price_micros"]),
    createdAt: Number(row["created_at"]),
    runningAt: numberOrNull(row["running_at"]),
    endedAt: numberOrNull(row["ended_at"]),
    result: parsed<PredictionResult>(row["result"]),
    refusal: parsed<UpstreamRefusal>(row["refusal"]),
    outcome: textOrNull(row["outcome"]) as JobOutcome | null,
    deletedAt: numberOrNull(row["deleted_at"]),
    base64Output: row["base64_output"] === 1,
  };
}

/** When the next kept input is to go, a settled job to be compared with the bill, or an end to be told; null: none of it. */
export function nextChore(sql: SqlStorage): number | null {
  const at = sql
    .exec(
      `SELECT MIN(at) AS at FROM (
         SELECT MIN(input_until) AS at FROM jobs WHERE input_until IS NOT NULL
         UNION ALL SELECT MIN(reconcile_at) FROM jobs WHERE reconcile_at IS NOT NULL
         UNION ALL SELECT MIN(notify_at) FROM jobs WHERE notify_at IS NOT NULL)`,
    )
    .one()["at"];
  return typeof at === "number" ? at : null;
}

/** Settled jobs whose bill is to be looked at. */
export const jobsToReconcile = (sql: SqlStorage, now: number, limit: number): Job[] =>
  sql
    .exec<Row>("SELECT * FROM jobs WHERE reconcile_at <= ? ORDER BY reconcile_at LIMIT ?", now, limit)
    .toArray()
    .map(toJob);

/** Jobs whose end is to be told. */
export const jobsToTell = (sql: SqlStorage, now: number, limit: number): Job[] =>
  sql.exec<Row>("SELECT * FROM jobs WHERE notify_at <= ? ORDER BY notify_at LIMIT ?", now, limit).toArray().map(toJob);

/** Jobs whose input's time is over. */
export const endedInputs = (sql: SqlStorage, now: number, limit: number): Job[] =>
  sql.exec<Row>("SELECT * FROM jobs WHERE input_until <= ? LIMIT ?", now, limit).toArray().map(toJob);

const parsed = <T>(value: SqlStorageValue | undefined): T | null =>
  typeof value === "string" ? (JSON.parse(value) as T) : null;

const textOrNull = (value: SqlStorageValue | undefined): string | null => (typeof value === "string" ? value : null);

const numberOrNull = (value: SqlStorageValue | undefined): number | null => (typeof value === "number" ? value : null);

const toJob = (row: Row): Job => ({
  id: String(row["id"]),
  tenant: String(row["tenant"]),
  mode: String(row["mode"]) as Mode,
  model: String(row["model"]),
  priceMicros: Number(row["price_micros"]),
  costMicros: Number(row["cost_micros"]),
  state: String(row["state"]) as JobState,
  terms: parsed<JobTerms>(row["terms"]),
  upstreamId: textOrNull(row["upstream_id"]),
  upstreamStatus: textOrNull(row["upstream_status"]),
  account: String(row["account"]),
  accounts: parsed<string[]>(row["accounts"]) ?? [],
  priority: Number(row["priority"]),
  weight: Number(row["weight"]),
  inputHash: String(row["input_hash"]),
  inputUntil: numberOrNull(row["input_until"]),
  createdAt: Number(row["created_at"]),
  queuedAt: numberOrNull(row["queued_at"]),
  sentAt: numberOrNull(row["sent_at"]),
  unknownAt: numberOrNull(row["unknown_at"]),
  runningAt: numberOrNull(row["running_at"]),
  endedAt: numberOrNull(row["ended_at"]),
  nextAt: numberOrNull(row["next_at"]),
  attempts: Number(row["attempts"]),
  walks: Number(row["walks"]),
  walkedAt: numberOrNull(row["walked_at"]),
  oddSince: numberOrNull(row["odd_since"]),
  settlement: parsed<PendingSettlement>(row["settlement"]),
  settled: textOrNull(row["settled"]) as Job["settled"],
  settledAt: numberOrNull(row["settled_at"]),
  reconcileAt: numberOrNull(row["reconcile_at"]),
  reconcileTries: Number(row["reconcile_tries"]),
  reconciledAt: numberOrNull(row["reconciled_at"]),
  billedMicros: numberOrNull(row["billed_micros"]),
  loss: textOrNull(row["loss"]),
  result: parsed<PredictionResult>(row["result"]),
  refusal: parsed<UpstreamRefusal>(row["refusal"]),
  hookSeen: textOrNull(row["hook_seen"]),
  acknowledged: row["acknowledged"] === 1,
  claimed: row["claimed"] === 1,
  needsOperator: row["needs_operator"] === 1,
  cancelAsked: row["cancel_asked"] === 1,
  deletedAt: numberOrNull(row["deleted_at"]),
  notify: parsed<JobNotify>(row["notify"]),
  notifyAt: numberOrNull(row["notify_at"]),
  candidate: textOrNull(row["candidate"]),
  outcome: textOrNull(row["outcome"]) as JobOutcome | null,
  base64Output: row["base64_output"] === 1,
});

/** Unfinished jobs in a state; finished ones are not in the index. */
export const jobsInState = (sql: SqlStorage, state: JobState): Job[] =>
  sql.exec<Row>("SELECT * FROM jobs WHERE next_at IS NOT NULL AND state = ?", state).toArray().map(toJob);

/** Unfinished jobs whose ledger has not been told that they are here. */
export const unacknowledgedJobs = (sql: SqlStorage, limit: number): Job[] =>
  sql
    .exec<Row>("SELECT * FROM jobs WHERE next_at IS NOT NULL AND acknowledged = 0 LIMIT ?", limit)
    .toArray()
    .map(toJob);
