import type { Task } from "./task.ts";

/** WaveSpeed keeps predictions and uploads this long. */
export const RETENTION_MS = 7 * 86_400_000;

const STATUS = "CASE WHEN ends_at <= ? THEN end_status WHEN running_from <= ? THEN 'processing' ELSE 'created' END";
const WINDOW_MS = 60_000;

export function insertTask(sql: SqlStorage, task: Task): void {
  const names = Object.keys(task);
  sql.exec(
    `INSERT INTO tasks (${names.join(", ")}) VALUES (${names.map(() => "?").join(", ")})`,
    ...Object.values(task),
  );
}

/** Null when the task is unknown, vanished or past retention. */
export function findTask(sql: SqlStorage, id: string, now: number): Task | null {
  return (
    sql
      .exec<Task>("SELECT * FROM tasks WHERE id = ? AND vanished = 0 AND created_at > ?", id, now - RETENTION_MS)
      .toArray()[0] ?? null
  );
}

/** Also a task that no read shows any more. */
export function anyTask(sql: SqlStorage, id: string): Task | null {
  return sql.exec<Task>("SELECT * FROM tasks WHERE id = ?", id).toArray()[0] ?? null;
}

/** Adds one to the task's polls and gives the new count. */
export function countPoll(sql: SqlStorage, id: string): number {
  return sql.exec<{ polls: number }>("UPDATE tasks SET polls = polls + 1 WHERE id = ? RETURNING polls", id).one().polls;
}

export interface TaskQuery {
  page: number;
  pageSize: number;
  model?: string | undefined;
  status?: string | undefined;
  after?: number | undefined;
  before?: number | undefined;
}

/** Newest first. */
export function listTasks(sql: SqlStorage, query: TaskQuery, now: number): { tasks: Task[]; total: number } {
  const clauses = ["vanished = 0", "created_at > ?"];
  const binds: (string | number)[] = [now - RETENTION_MS];
  const restrict = (clause: string, ...values: (string | number)[]): void => {
    clauses.push(clause);
    binds.push(...values);
  };
  if (query.model !== undefined) restrict("model = ?", query.model);
  if (query.status !== undefined) restrict(`${STATUS} = ?`, now, now, query.status);
  if (query.after !== undefined) restrict("created_at >= ?", query.after);
  if (query.before !== undefined) restrict("created_at <= ?", query.before);
  const from = `FROM tasks WHERE ${clauses.join(" AND ")}`;
  const offset = (query.page - 1) * query.pageSize;
  return {
    total: sql.exec<{ total: number }>(`SELECT COUNT(*) AS total ${from}`, ...binds).one().total,
    tasks: sql
      .exec<Task>(
        `SELECT * ${from} ORDER BY created_at DESC, id DESC LIMIT ? OFFSET ?`,
        ...binds,
        query.pageSize,
        offset,
      )
      .toArray(),
  };
}

/** Hides tasks from every read for good; what they cost stays on the bill. */
export function removeTasks(sql: SqlStorage, ids: readonly string[]): number {
  let removed = 0;
  for (const id of ids) {
    removed += sql
      .exec("UPDATE tasks SET vanished = 1 WHERE id = ? AND vanished = 0 RETURNING id", id)
      .toArray().length;
  }
  return removed;
}

/** Tasks that have not ended, and those created in the current minute: what a tier limits. */
export function loadOf(sql: SqlStorage, now: number): { running: number; thisMinute: number } {
  const minute = now - (now % WINDOW_MS);
  return sql
    .exec<{ running: number; thisMinute: number }>(
      `SELECT (SELECT COUNT(*) FROM tasks WHERE ends_at > ?) AS running,
              (SELECT COUNT(*) FROM tasks WHERE created_at >= ?) AS thisMinute`,
      now,
      minute,
    )
    .one();
}

export interface PollCount {
  prediction_id: string;
  polls: number;
}

/** Tasks in order of creation, after the cursor (an id). */
export function pollCounts(sql: SqlStorage, limit: number, cursor: string): PollCount[] {
  return sql
    .exec<{ prediction_id: string; polls: number }>(
      `SELECT id AS prediction_id, polls FROM tasks
       WHERE (created_at, id) > (COALESCE((SELECT created_at FROM tasks WHERE id = ?), -1), ?)
       ORDER BY created_at, id LIMIT ?`,
      cursor,
      cursor,
      limit,
    )
    .toArray();
}
