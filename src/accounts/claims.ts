import type { Adoption } from "./types.ts";

/** Begins the id in the row of a job that was given up: WaveSpeed's ids hold no colon. */
const NO_TASK = "none:";

/** A lost job that people decided is a rival for so long: all that were lost beside it have ended by then. */
const RIVAL_MS = 9 * 86_400_000;

/** Whose a task is: one row per upstream id, for ever. Each call is one transaction of the account object. */
export class Claims {
  readonly #storage: DurableObjectStorage;
  readonly #sql: SqlStorage;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    this.#sql = storage.sql;
  }

  claim(upstreamId: string, jobId: string): boolean {
    return this.#storage.transactionSync(() => this.#claim(upstreamId, jobId));
  }

  isKnown(upstreamId: string): boolean {
    return this.ownerOf(upstreamId) !== null;
  }

  ownerOf(upstreamId: string): string | null {
    const row = this.#sql.exec("SELECT job_id FROM claims WHERE upstream_id = ?", upstreamId).toArray()[0];
    return row ? String(row["job_id"]) : null;
  }

  enterUnknown(jobId: string, inputHash: string): string | null {
    const claim = this.#taskOf(jobId);
    if (claim !== null) return claim;
    this.#sql.exec("DELETE FROM unknowns WHERE decided_at < ?", Date.now() - RIVAL_MS);
    this.#sql.exec("INSERT INTO unknowns (job_id, input_hash) VALUES (?, ?) ON CONFLICT DO NOTHING", jobId, inputHash);
    return null;
  }

  leaveUnknown(jobId: string): void {
    this.#sql.exec("DELETE FROM unknowns WHERE job_id = ? AND decided_at IS NULL", jobId);
  }

  /** A job without a task gets a row that names none, so that no other row can follow. */
  abandon(jobId: string, by: "proof" | "people"): string | null {
    return this.#storage.transactionSync(() => {
      const claim = this.#taskOf(jobId);
      if (claim !== null) return claim;
      if (by === "people") this.#sql.exec("UPDATE unknowns SET decided_at = ? WHERE job_id = ?", Date.now(), jobId);
      this.#claim(NO_TASK + jobId, jobId);
      return null;
    });
  }

  /** The row that names no task makes way for the one that does. */
  claimLate(upstreamId: string, jobId: string): boolean {
    return this.#storage.transactionSync(() => {
      if (this.ownerOf(upstreamId) === null) {
        this.#sql.exec("DELETE FROM claims WHERE upstream_id = ?", NO_TASK + jobId);
      }
      return this.#taskOf(jobId) === null ? this.#claim(upstreamId, jobId) : this.ownerOf(upstreamId) === jobId;
    });
  }

  unclaimed(jobId: string, candidates: string[]): string[] {
    return candidates.filter((id) => [null, jobId].includes(this.ownerOf(id)));
  }

  adopt(jobId: string, inputHash: string, candidates: string[]): Adoption {
    return this.#storage.transactionSync(() => {
      const unclaimed = candidates.filter((id) => this.ownerOf(id) === null);
      const rivals = Number(
        this.#sql
          .exec("SELECT COUNT(*) AS n FROM unknowns WHERE input_hash = ? AND job_id <> ?", inputHash, jobId)
          .one()["n"],
      );
      const [only, ...more] = unclaimed;
      if (only === undefined) return { kind: "none" };
      if (more.length > 0 || rivals > 0 || !this.#claim(only, jobId)) {
        return { kind: "ambiguous", unclaimed: unclaimed.length };
      }
      return { kind: "adopted", upstreamId: only };
    });
  }

  #claim(upstreamId: string, jobId: string): boolean {
    this.#sql.exec(
      "INSERT INTO claims (upstream_id, job_id, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
      upstreamId,
      jobId,
      Date.now(),
    );
    if (this.ownerOf(upstreamId) !== jobId) return false;
    // Whose task is known is nobody's rival; one that people decided without a task stays one.
    if (upstreamId.startsWith(NO_TASK)) this.leaveUnknown(jobId);
    else this.#sql.exec("DELETE FROM unknowns WHERE job_id = ?", jobId);
    return true;
  }

  #taskOf(jobId: string): string | null {
    const row = this.#sql.exec("SELECT upstream_id FROM claims WHERE job_id = ?", jobId).toArray()[0];
    const id = row ? String(row["upstream_id"]) : null;
    return id?.startsWith(NO_TASK) ? null : id;
  }
}
