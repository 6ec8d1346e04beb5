import type { Adoption } from "./types.ts";

/** Begins the id in the row of a job that was given up: WaveSpeed's ids hold no colon. */
const NO_TASK = "none:";

/** A lost job that people decided is a rival for so long: all that were lost beside it have ended by then. */
const RIVAL_MS = 9 * 86_400_000;

/**
 * Whose a task is: one row per upstream id, for ever. Each call is one transaction of the account object. The task of a job is
 * asked for only where its POST was lost (any other's tracker knows it before it claims it), so only these are in an index.
 */
export class Claims {
  readonly #storage: DurableObjectStorage;
  readonly #sql: SqlStorage;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    this.#sql = storage.sql;
  }

  /** `isLost`: its POST's answer was lost, so it may be asked later which task it has. */
  claim(upstreamId: string, jobId: string, isLost: boolean): boolean {
    return this.#storage.transactionSync(() => {
      if (this.ownerOf(upstreamId) !== jobId && this.#hasGivenUp(jobId)) return false;
      return this.#claim(upstreamId, jobId, isLost || this.#isUnknown(jobId));
    });
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

  /** A job without a task gets a row that names none, so that no ordinary claim can follow. */
  abandon(jobId: string, by: "proof" | "people"): string | null {
    return this.#storage.transactionSync(() => {
      const claim = this.#taskOf(jobId);
      if (claim !== null) return claim;
      if (by === "people") this.#sql.exec("UPDATE unknowns SET decided_at = ? WHERE job_id = ?", Date.now(), jobId);
      this.#insert(NO_TASK + jobId, jobId, false);
      // One that people decided without a task stays a rival.
      this.leaveUnknown(jobId);
      return null;
    });
  }

  /** The row that names no task makes way for the one that does. */
  claimLate(upstreamId: string, jobId: string): boolean {
    return this.#storage.transactionSync(() => {
      if (this.ownerOf(upstreamId) === null) {
        this.#sql.exec("DELETE FROM claims WHERE upstream_id = ?", NO_TASK + jobId);
      }
      return this.#claim(upstreamId, jobId, true);
    });
  }

  unclaimed(jobId: string, candidates: string[]): string[] {
    return candidates.filter((id) => [null, jobId].includes(this.ownerOf(id)));
  }

  adopt(jobId: string, inputHash: string, candidates: string[]): Adoption {
    return this.#storage.transactionSync(() => {
      const own = candidates.find((id) => this.ownerOf(id) === jobId);
      if (own !== undefined && this.#claim(own, jobId, true)) return { kind: "adopted", upstreamId: own };
      const unclaimed = candidates.filter((id) => this.ownerOf(id) === null);
      const rivals = Number(
        this.#sql
          .exec("SELECT COUNT(*) AS n FROM unknowns WHERE input_hash = ? AND job_id <> ?", inputHash, jobId)
          .one()["n"],
      );
      const [only, ...more] = unclaimed;
      if (only === undefined) return { kind: "none" };
      const isFree = more.length === 0 && rivals === 0 && !this.#hasGivenUp(jobId);
      if (!isFree || !this.#claim(only, jobId, true)) return { kind: "ambiguous", unclaimed: unclaimed.length };
      return { kind: "adopted", upstreamId: only };
    });
  }

  /** Whose task is known is nobody's rival. */
  #claim(upstreamId: string, jobId: string, isLost: boolean): boolean {
    const owner = this.ownerOf(upstreamId);
    if (owner === null) {
      if (this.#taskOf(jobId) !== null) return false;
      this.#insert(upstreamId, jobId, isLost);
    } else if (owner !== jobId) {
      return false;
    } else if (isLost) {
      // Claimed before it was known here that it is lost: from now on it may be asked for.
      this.#sql.exec("UPDATE OR IGNORE claims SET lost = 1 WHERE upstream_id = ? AND lost = 0", upstreamId);
    }
    this.#sql.exec("DELETE FROM unknowns WHERE job_id = ?", jobId);
    return true;
  }

  #insert(upstreamId: string, jobId: string, isLost: boolean): void {
    this.#sql.exec(
      "INSERT INTO claims (upstream_id, job_id, at, lost) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
      upstreamId,
      jobId,
      Date.now(),
      Number(isLost),
    );
  }

  #isUnknown(jobId: string): boolean {
    return this.#sql.exec("SELECT 1 FROM unknowns WHERE job_id = ?", jobId).toArray().length > 0;
  }

  #hasGivenUp(jobId: string): boolean {
    return this.isKnown(NO_TASK + jobId);
  }

  /** Of a job that is or was lost; null: it has none, or was never lost. */
  #taskOf(jobId: string): string | null {
    const row = this.#sql.exec("SELECT upstream_id FROM claims WHERE job_id = ? AND lost = 1", jobId).toArray()[0];
    return row ? String(row["upstream_id"]) : null;
  }
}
