import { LEASE_SLACK_MS, type Permit, type PermitUse, type ReturnedPermit } from "../accounts/types.ts";
import { ENDED } from "./job.ts";
import { findJob } from "./job-store.ts";

/** Permits that one call returns. */
const RETURNED_MAX = 200;

/** Permits that are not needed any more go back after this at the latest, many at once. */
export const RETURN_MS = 500;

/** A permit is not begun in the last moments of its lease: the account's clock may be ahead. */
const LEASE_MARGIN_MS = 2_000;

/**
 * A tracker's copies of its permits. `used`: a POST was made with it; `back` 1: not needed any more, to be
 * returned; 2: given up for good, and remembered until no message can offer it any more. The table of states is in
 * the room `accounts`.
 */
export class PermitBook {
  readonly #storage: DurableObjectStorage;
  readonly #sql: SqlStorage;
  /** Whether there may be a row. Most trackers never see one: their accounts have no limits. Null: not looked at yet. */
  #hasAny: boolean | null = null;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    this.#sql = storage.sql;
  }

  get #isEmpty(): boolean {
    this.#hasAny ??= this.#sql.exec("SELECT 1 FROM permits LIMIT 1").toArray().length > 0;
    return !this.#hasAny;
  }

  /**
   * Keeps what was granted. A permit for a job that does not wait any more goes back at once; one whose lease is
   * over came too late: the account has asked about it, or will. One that was given up stays so, whenever it is
   * offered once more.
   */
  keep(account: string, permits: readonly Permit[], now: number): void {
    if (permits.length > 0) this.#hasAny = true;
    if (this.#isEmpty) return;
    this.#storage.transactionSync(() => {
      this.#forget(now);
      for (const { id, jobId, leaseUntil, extends: isKnown } of permits.filter((permit) => permit.leaseUntil > now)) {
        if (isKnown) {
          const extend =
            "UPDATE permits SET lease_until = max(lease_until, ?) WHERE account = ? AND id = ? AND back = 0";
          this.#sql.exec(extend, leaseUntil, account, id);
          continue;
        }
        const job = jobId === null ? null : findJob(this.#sql, jobId);
        const wanted = jobId === null || (job?.state === "queued" && job.account === account);
        this.#sql.exec(
          `INSERT INTO permits (account, id, job_id, lease_until, back) VALUES (?, ?, ?, ?, ?)
             ON CONFLICT DO NOTHING`,
          account,
          id,
          jobId,
          leaseUntil,
          Number(!wanted),
        );
      }
    });
  }

  /** Gives the job a permit that it has, or one that lies ready for any job. False: there is none. */
  take(account: string, jobId: string, now: number): boolean {
    if (this.#isEmpty) return false;
    const { rowsWritten } = this.#sql.exec(
      `UPDATE permits SET job_id = ?2 WHERE (account, id) IN (
         SELECT account, id FROM permits WHERE account = ?1 AND used = 0 AND back = 0 AND lease_until > ?3
           AND (job_id = ?2 OR job_id IS NULL) ORDER BY job_id IS NULL, id LIMIT 1)`,
      account,
      jobId,
      now + LEASE_MARGIN_MS,
    );
    return rowsWritten > 0;
  }

  /** The permit that the job has and may use, also if its lease must be extended first. */
  heldBy(account: string, jobId: string): number | null {
    const held = "SELECT id FROM permits WHERE account = ? AND job_id = ? AND used = 0 AND back = 0 ORDER BY id DESC";
    const row = this.#sql.exec(held, account, jobId).toArray()[0];
    return row ? Number(row["id"]) : null;
  }

  /** Whether the job has a permit that it can use now, or one lies ready for any. */
  isReady(account: string, jobId: string, now: number): boolean {
    const ready = `SELECT 1 FROM permits WHERE account = ? AND (job_id = ? OR job_id IS NULL) AND used = 0 AND back = 0
      AND lease_until > ? LIMIT 1`;
    return this.#sql.exec(ready, account, jobId, now + LEASE_MARGIN_MS).toArray().length > 0;
  }

  /** In the transaction that permits the POST: whether the job has a permit, which is used from now on. */
  use(account: string, jobId: string, now: number): boolean {
    const { rowsWritten } = this.#sql.exec(
      `UPDATE permits SET used = 1 WHERE (account, id) IN (
         SELECT account, id FROM permits WHERE account = ? AND job_id = ? AND used = 0 AND back = 0 AND lease_until > ?
         ORDER BY id DESC LIMIT 1)`,
      account,
      jobId,
      now,
    );
    return rowsWritten > 0;
  }

  /** The permit that the job's POST was made with. */
  usedBy(account: string, jobId: string): number | null {
    if (this.#isEmpty) return null;
    const row = this.#sql
      .exec("SELECT id FROM permits WHERE account = ? AND job_id = ? AND used = 1 AND back = 0", account, jobId)
      .toArray()[0];
    return row ? Number(row["id"]) : null;
  }

  /** The job has no use for its permits any more. Call inside the transaction that says so. False: it had none. */
  giveBack(jobId: string): boolean {
    if (this.#isEmpty) return false;
    return this.#sql.exec("UPDATE permits SET back = 1 WHERE job_id = ? AND back = 0", jobId).rowsWritten > 0;
  }

  /** WaveSpeed has asked to be left alone: nothing that was not used yet is used any more. */
  giveBackUnused(account: string): void {
    this.#sql.exec("UPDATE permits SET back = 1 WHERE account = ? AND used = 0 AND back = 0", account);
  }

  countSpares(account: string, now: number): number {
    const counted = this.#sql.exec(
      "SELECT COUNT(*) AS n FROM permits WHERE account = ? AND job_id IS NULL AND back = 0 AND lease_until > ?",
      account,
      now + LEASE_MARGIN_MS,
    );
    return Number(counted.one()["n"]);
  }

  /** What is to be returned, by account. */
  toReturn(): Map<string, ReturnedPermit[]> {
    if (this.#isEmpty) return new Map();
    const rows = this.#sql.exec("SELECT account, id, used FROM permits WHERE back = 1 LIMIT ?", RETURNED_MAX).toArray();
    const byAccount = Map.groupBy(rows, (row) => String(row["account"]));
    return new Map(
      [...byAccount].map(([account, own]) => [
        account,
        own.map((row) => ({ id: Number(row["id"]), used: row["used"] === 1 })),
      ]),
    );
  }

  hasReturns(): boolean {
    return !this.#isEmpty && this.#sql.exec("SELECT 1 FROM permits WHERE back = 1 LIMIT 1").toArray().length > 0;
  }

  /** Given up for good: the account has it back, or is told so. */
  drop(account: string, ids: readonly number[], now: number): void {
    for (const id of ids) this.#sql.exec("UPDATE permits SET back = 2 WHERE account = ? AND id = ?", account, id);
    this.#forget(now);
  }

  /** What became of permits whose lease ended. Those that were not used are given up for good in the same moment. */
  uses(account: string, ids: readonly number[], now: number): PermitUse[] {
    return this.#storage.transactionSync(() => ids.map((id) => this.#useOf(account, id, now)));
  }

  #useOf(account: string, id: number, now: number): PermitUse {
    const row = this.#sql.exec("SELECT * FROM permits WHERE account = ? AND id = ?", account, id).toArray()[0];
    const used = row?.["used"] === 1;
    const job = used && row["back"] === 0 ? findJob(this.#sql, String(row["job_id"])) : null;
    if (!job || ENDED.has(job.state)) {
      this.drop(account, [id], now);
      return { id, use: "free", used };
    }
    return job.state === "unknown" ? { id, use: "unknown", since: job.unknownAt ?? now } : { id, use: "sent" };
  }

  /** What was given up, and is offered by no message any more: the lease in that would be over. */
  #forget(now: number): void {
    this.#sql.exec("DELETE FROM permits WHERE back = 2 AND lease_until <= ?", now - LEASE_SLACK_MS);
  }
}
