import type { JobOutcome, Mode } from "../ledger/journal-entry.ts";
import type { PredictionResult } from "../upstream/answers.ts";
import type { Job, JobNotify, JobState, ShownJob, JobTerms, PendingSettlement, UpstreamRefusal } from "./job.ts";
import type { Place } from "./reconciliation.ts";

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
  inputDropped: "input_dropped",
  inputBytes: "input_bytes",
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
  lossBooked: "loss_booked",
  result: "result",
  refusal: "refusal",
  hookSeen: "hook_seen",
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

const FIELDS = Object.keys(COLUMNS) as Field[];

const fieldsOf = (change: Partial<Job>): Field[] => FIELDS.filter((f) => change[f] !== undefined);

/** All but a short body, which is read where it is wanted alone. */
const ALL = ["id", ...Object.values(COLUMNS)].join(", ");

/** Where each field is in a row read by `ALL`: an array costs half of what an object with a name for each column does. */
const AT = Object.fromEntries(["id", ...FIELDS].map((field, index) => [field, index])) as Record<Field | "id", number>;

const jobsOf = (sql: SqlStorage, query: string, ...binds: SqlStorageValue[]): Job[] =>
  Array.from(sql.exec(query, ...binds).raw(), toJob);

// One text for all calls, not a new one for each: by that the runtime finds what it has made of it.
const FIND = `SELECT ${ALL} FROM jobs WHERE id = ?`;
// Nor is the limit of one that each alarm asks bound: SQLite looks at its value, and would make its plan anew each time.
const TO_RECONCILE = `SELECT ${ALL} FROM jobs WHERE (reconcile_at, id) > (?, ?) AND reconcile_at <= ?
  ORDER BY reconcile_at, id LIMIT 40`;
const TO_TELL = `SELECT ${ALL} FROM jobs WHERE notify_at <= ? ORDER BY notify_at LIMIT 20`;
const ENDED_INPUTS = `SELECT ${ALL} FROM jobs WHERE input_until <= ? LIMIT 1000`;
const SHOW = `SELECT id, mode, model, state, upstream_status, price_micros, created_at, running_at, ended_at, result, refusal,
  outcome, deleted_at, base64_output FROM jobs WHERE id = ?`;

/** What a new row says of these by itself. */
const ZERO_BY_DEFAULT: ReadonlySet<Field> = new Set<Field>([
  "attempts",
  "walks",
  "reconcileTries",
  "inputDropped",
  "lossBooked",
  "claimed",
  "needsOperator",
  "cancelAsked",
  "base64Output",
]);

/**
 * `body`: a short one, in the row itself. What the job has not is left out: most of its columns, each of which would be bound.
 * False: there is a row with that id, which stays as it is.
 */
export function insertJob(sql: SqlStorage, job: Job, body: ArrayBuffer | null = null): boolean {
  const fields = FIELDS.filter((f) => job[f] !== null && !(ZERO_BY_DEFAULT.has(f) && Number(job[f]) === 0));
  const columns = ["id", "open", "body", ...fields.map((f) => COLUMNS[f])];
  // Not `RETURNING`: that costs half as much again as the insert.
  const { rowsWritten } = sql.exec(
    `INSERT INTO jobs (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")}) ON CONFLICT (id) DO NOTHING`,
    job.id,
    Number(job.nextAt !== null),
    body,
    ...fields.map((f) => stored(job[f])),
  );
  return rowsWritten > 0;
}

/** Writes only what differs, in one row. `dropsBody`: the short body in it goes as well. Answers whether the job is unfinished then. */
export function updateJob(
  sql: SqlStorage,
  job: { id: string; isOpen: boolean },
  change: Partial<Job>,
  dropsBody = false,
): boolean {
  const fields = fieldsOf(change);
  const sets = fields.map((f) => `${COLUMNS[f]} = ?`);
  const isOpen = change.nextAt === undefined ? job.isOpen : change.nextAt !== null;
  // Named only when it changes: the index is written anew with each statement that names its column.
  if (isOpen !== job.isOpen) sets.push(`open = ${Number(isOpen)}`);
  if (dropsBody) sets.push("body = NULL");
  if (sets.length === 0) return isOpen;
  const values = fields.map((f) => stored(change[f] as Job[Field]));
  sql.exec(`UPDATE jobs SET ${sets.join(", ")} WHERE id = ?`, ...values, job.id);
  return isOpen;
}

export function findJob(sql: SqlStorage, id: string): Job | null {
  const { value, done } = sql.exec(FIND, id).raw().next();
  return done ? null : toJob(value);
}

/** All unfinished jobs: a tracker follows 64, and the few that were given up. */
export const unfinishedJobs = (sql: SqlStorage): Job[] => jobsOf(sql, `SELECT ${ALL} FROM jobs WHERE open = 1`);

/** Null: there is none. */
export function findShown(sql: SqlStorage, id: string): ShownJob | null {
  const row = sql.exec<Row>(SHOW, id).toArray()[0];
  if (!row) return null;
  return {
    id: String(row["id"]),
    mode: row["mode"] === "test" ? "test" : "live",
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

/** When the next kept input is to go, or, where those are asked for, a settled job beyond `bill` to be compared, or an end to be told. */
export function nextChore(sql: SqlStorage, { bill, tell }: { bill: Place | null; tell: boolean }): number | null {
  const at = sql
    .exec(
      `SELECT MIN(at) AS at FROM (
         SELECT MIN(input_until) AS at FROM jobs WHERE input_until IS NOT NULL
         UNION ALL SELECT MIN(reconcile_at) FROM jobs
           WHERE reconcile_at IS NOT NULL AND (reconcile_at, id) > (?, ?) AND ?
         UNION ALL SELECT MIN(notify_at) FROM jobs WHERE notify_at IS NOT NULL AND ?)`,
      bill?.at ?? 0,
      bill?.jobId ?? "",
      Number(bill !== null),
      Number(tell),
    )
    .one()["at"];
  return typeof at === "number" ? at : null;
}

/** Settled jobs beyond the mark whose bill is to be looked at: at most 40, as a record or two of each are one page. */
export const jobsToReconcile = (sql: SqlStorage, mark: Place, now: number): Job[] =>
  jobsOf(sql, TO_RECONCILE, mark.at, mark.jobId, now);

/** Jobs whose end is to be told: at most 20, which one call hands over. */
export const jobsToTell = (sql: SqlStorage, now: number): Job[] => jobsOf(sql, TO_TELL, now);

/** Jobs whose input's time is over, 1,000 at most. */
export const endedInputs = (sql: SqlStorage, now: number): Job[] => jobsOf(sql, ENDED_INPUTS, now);

/** Jobs whose input is only kept for its tenant, the first to go first. `needed`: states in which the body is needed. */
export const droppableInputs = (sql: SqlStorage, needed: readonly JobState[], limit: number): Job[] =>
  jobsOf(
    sql,
    `SELECT ${ALL} FROM jobs WHERE input_until IS NOT NULL AND state NOT IN (${needed.map(() => "?").join(", ")})
       ORDER BY input_until LIMIT ?`,
    ...needed,
    limit,
  );

/** Bytes of all bodies that are stored: those that are kept, from their index alone, and those of unfinished jobs. */
export const storedBytes = (sql: SqlStorage): number =>
  Number(
    sql
      .exec(
        `SELECT COALESCE(SUM(bytes), 0) AS bytes FROM (
           SELECT SUM(input_bytes) AS bytes FROM jobs WHERE input_until IS NOT NULL
           UNION ALL SELECT SUM(input_bytes) FROM jobs WHERE open = 1 AND input_until IS NULL
             AND (body IS NOT NULL OR id IN (SELECT job_id FROM payloads WHERE job_id = jobs.id)))`,
      )
      .one()["bytes"],
  );

const parsed = <T>(value: SqlStorageValue | undefined): T | null =>
  typeof value === "string" ? (JSON.parse(value) as T) : null;

const textOrNull = (value: SqlStorageValue | undefined): string | null => (typeof value === "string" ? value : null);

const numberOrNull = (value: SqlStorageValue | undefined): number | null => (typeof value === "number" ? value : null);

const toJob = (row: SqlStorageValue[]): Job => ({
  id: String(row[AT.id]),
  tenant: String(row[AT.tenant]),
  mode: String(row[AT.mode]) as Mode,
  model: String(row[AT.model]),
  priceMicros: Number(row[AT.priceMicros]),
  costMicros: Number(row[AT.costMicros]),
  state: String(row[AT.state]) as JobState,
  terms: parsed<JobTerms>(row[AT.terms]),
  upstreamId: textOrNull(row[AT.upstreamId]),
  upstreamStatus: textOrNull(row[AT.upstreamStatus]),
  account: String(row[AT.account]),
  accounts: parsed<string[]>(row[AT.accounts]) ?? [],
  priority: Number(row[AT.priority]),
  weight: Number(row[AT.weight]),
  inputHash: String(row[AT.inputHash]),
  inputUntil: numberOrNull(row[AT.inputUntil]),
  inputDropped: row[AT.inputDropped] === 1,
  inputBytes: Number(row[AT.inputBytes]),
  createdAt: Number(row[AT.createdAt]),
  queuedAt: numberOrNull(row[AT.queuedAt]),
  sentAt: numberOrNull(row[AT.sentAt]),
  unknownAt: numberOrNull(row[AT.unknownAt]),
  runningAt: numberOrNull(row[AT.runningAt]),
  endedAt: numberOrNull(row[AT.endedAt]),
  nextAt: numberOrNull(row[AT.nextAt]),
  attempts: Number(row[AT.attempts]),
  walks: Number(row[AT.walks]),
  walkedAt: numberOrNull(row[AT.walkedAt]),
  oddSince: numberOrNull(row[AT.oddSince]),
  settlement: parsed<PendingSettlement>(row[AT.settlement]),
  settled: textOrNull(row[AT.settled]) as Job["settled"],
  settledAt: numberOrNull(row[AT.settledAt]),
  reconcileAt: numberOrNull(row[AT.reconcileAt]),
  reconcileTries: Number(row[AT.reconcileTries]),
  reconciledAt: numberOrNull(row[AT.reconciledAt]),
  billedMicros: numberOrNull(row[AT.billedMicros]),
  loss: textOrNull(row[AT.loss]),
  lossBooked: row[AT.lossBooked] === 1,
  result: parsed<PredictionResult>(row[AT.result]),
  refusal: parsed<UpstreamRefusal>(row[AT.refusal]),
  hookSeen: textOrNull(row[AT.hookSeen]),
  claimed: row[AT.claimed] === 1,
  needsOperator: row[AT.needsOperator] === 1,
  cancelAsked: row[AT.cancelAsked] === 1,
  deletedAt: numberOrNull(row[AT.deletedAt]),
  notify: parsed<JobNotify>(row[AT.notify]),
  notifyAt: numberOrNull(row[AT.notifyAt]),
  candidate: textOrNull(row[AT.candidate]),
  outcome: textOrNull(row[AT.outcome]) as JobOutcome | null,
  base64Output: row[AT.base64Output] === 1,
});
