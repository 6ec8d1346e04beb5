import type { JobAddress } from "../keys/job-id.ts";

/** A permit that is out. Times are epoch ms. */
export interface PermitRow {
  id: number;
  tracker: JobAddress;
  jobId: string | null;
  /** Whether its POST is known to have been made. */
  sent: boolean;
  leaseUntil: number;
  /** Until when it is offered to a tracker that may not have heard of it: its first lease. */
  offeredUntil: number;
  unknownSince: number | null;
}

/** `sent`: it is taken again for a task that runs. */
export function insertPermit(
  sql: SqlStorage,
  permit: Omit<PermitRow, "sent" | "unknownSince" | "offeredUntil">,
  sent = false,
): void {
  const { id, tracker, jobId, leaseUntil } = permit;
  sql.exec(
    "INSERT INTO permits (id, tenant, shard, job_id, lease_until, offered_until, sent) VALUES (?, ?, ?, ?, ?5, ?5, ?6)",
    id,
    tracker.tenant,
    tracker.shard,
    jobId,
    leaseUntil,
    Number(sent),
  );
}

export const permitOf = (sql: SqlStorage, jobId: string): PermitRow | null =>
  first(sql.exec("SELECT * FROM permits WHERE job_id = ?", jobId));

export const findPermit = (sql: SqlStorage, id: number): PermitRow | null =>
  first(sql.exec("SELECT * FROM permits WHERE id = ?", id));

export function updatePermit(
  sql: SqlStorage,
  permit: Pick<PermitRow, "id" | "jobId" | "sent" | "leaseUntil" | "unknownSince">,
): void {
  sql.exec(
    "UPDATE permits SET job_id = ?, sent = ?, lease_until = ?, unknown_since = ? WHERE id = ?",
    permit.jobId,
    Number(permit.sent),
    permit.leaseUntil,
    permit.unknownSince,
    permit.id,
  );
}

export function deletePermit(sql: SqlStorage, id: number): void {
  sql.exec("DELETE FROM permits WHERE id = ?", id);
}

/** Those whose lease has ended, the oldest first. */
export const overdueLeases = (sql: SqlStorage, now: number, limit: number): PermitRow[] =>
  sql
    .exec("SELECT * FROM permits WHERE lease_until <= ? ORDER BY lease_until LIMIT ?", now, limit)
    .toArray()
    .map(toPermit);

export function nextLeaseEnd(sql: SqlStorage): number | null {
  const at = sql.exec("SELECT MIN(lease_until) AS at FROM permits").one()["at"];
  return typeof at === "number" ? at : null;
}

const first = (rows: Iterable<Record<string, SqlStorageValue>>): PermitRow | null => {
  for (const row of rows) return toPermit(row);
  return null;
};

const toPermit = (row: Record<string, SqlStorageValue>): PermitRow => ({
  id: Number(row["id"]),
  tracker: { tenant: String(row["tenant"]), shard: Number(row["shard"]) },
  jobId: row["job_id"] === null ? null : String(row["job_id"]),
  sent: row["sent"] === 1,
  leaseUntil: Number(row["lease_until"]),
  offeredUntil: Number(row["offered_until"]),
  unknownSince: row["unknown_since"] === null ? null : Number(row["unknown_since"]),
});
