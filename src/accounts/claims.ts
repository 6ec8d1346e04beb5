import type { Adoption } from "./types.ts";

/** Begins the id in the row of a job that was given up: WaveSpeed's ids hold no colon. */
const NO_TASK = "none:";

/** A lost job that people decided is a rival for so long: all that were lost beside it have ended by then. */
const RIVAL_MS = 9 * 86_400_000;

/** Of a task and a job that asks for it. */
interface Known {
  /** Whose the task is; null: nobody's. */
  owner: string | null;
  /** The job's row says that it has no task. */
  hasGivenUp: boolean;
  /** It is lost, as far as it has said so here. */
  isUnknown: boolean;
  /** The task of a job that is or was lost; null: it has none, or was never lost. */
  task: string | null;
}

const TASK_OF = "SELECT upstream_id FROM claims WHERE job_id = ?1 AND lost = 1";

const KNOWN = `
  SELECT (${TASK_OF}) AS task,
    EXISTS (SELECT 1 FROM unknowns WHERE job_id = ?1) AS is_unknown,
    EXISTS (SELECT 1 FROM claims WHERE upstream_id = ?2) AS has_given_up,
    (SELECT job_id FROM claims WHERE upstream_id = ?3) AS owner`;

const text = (value: SqlStorageValue | undefined): string | null => (value == null ? null : String(value));

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

  /**
   * `isOwn`: the task is the job's, from now on or already. `isNews`: it was nobody's before. `isLost`: the answer of the job's POST
   * was lost, so it may be asked later which task it has.
   */
  claim(upstreamId: string, jobId: string, isLost: boolean): { isOwn: boolean; isNews: boolean } {
    return this.#storage.transactionSync(() => {
      const known = this.#known(upstreamId, jobId);
      const isNews = known.owner === null;
      if (known.owner !== jobId && known.hasGivenUp) return { isOwn: false, isNews };
      return { isOwn: this.#claim(upstreamId, jobId, { ...known, isLost: isLost || known.isUnknown }), isNews };
    });
  }

  ownerOf(upstreamId: string): string | null {
    return text(this.#sql.exec("SELECT job_id FROM claims WHERE upstream_id = ?", upstreamId).toArray()[0]?.["job_id"]);
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
      const known = this.#known(upstreamId, jobId);
      if (known.owner === null) this.#sql.exec("DELETE FROM claims WHERE upstream_id = ?", NO_TASK + jobId);
      return this.#claim(upstreamId, jobId, { ...known, isLost: true });
    });
  }

  unclaimed(jobId: string, candidates: string[]): string[] {
    return candidates.filter((id) => [null, jobId].includes(this.ownerOf(id)));
  }

  adopt(jobId: string, inputHash: string, candidates: string[]): Adoption {
    return this.#storage.transactionSync(() => {
      const owners = candidates.map((id) => ({ id, known: this.#known(id, jobId) }));
      const take = ({ id, known }: { id: string; known: Known }) => this.#claim(id, jobId, { ...known, isLost: true });
      const own = owners.find(({ known }) => known.owner === jobId);
      if (own) {
        take(own);
        return { kind: "adopted", upstreamId: own.id };
      }
      const unclaimed = owners.filter(({ known }) => known.owner === null);
      const rivals = Number(
        this.#sql
          .exec("SELECT COUNT(*) AS n FROM unknowns WHERE input_hash = ? AND job_id <> ?", inputHash, jobId)
          .one()["n"],
      );
      const [only, ...more] = unclaimed;
      if (only === undefined) return { kind: "none" };
      const isFree = more.length === 0 && rivals === 0 && !only.known.hasGivenUp;
      if (!isFree || !take(only)) return { kind: "ambiguous", unclaimed: unclaimed.length };
      return { kind: "adopted", upstreamId: only.id };
    });
  }

  /** Whose task is known is nobody's rival. */
  #claim(upstreamId: string, jobId: string, known: Known & { isLost: boolean }): boolean {
    const { owner, task, isUnknown, isLost } = known;
    if (owner === null) {
      if (task !== null) return false;
      this.#insert(upstreamId, jobId, isLost);
    } else if (owner !== jobId) {
      return false;
    } else if (isLost) {
      // Claimed before it was known here that it is lost: from now on it may be asked for.
      this.#sql.exec("UPDATE OR IGNORE claims SET lost = 1 WHERE upstream_id = ? AND lost = 0", upstreamId);
    }
    if (isUnknown) this.#sql.exec("DELETE FROM unknowns WHERE job_id = ?", jobId);
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

  /** Read at once: what it takes to say whose the task is. True only inside one transaction. */
  #known(upstreamId: string, jobId: string): Known {
    const row = this.#sql.exec(KNOWN, jobId, NO_TASK + jobId, upstreamId).one();
    return {
      owner: text(row["owner"]),
      hasGivenUp: row["has_given_up"] === 1,
      isUnknown: row["is_unknown"] === 1,
      task: text(row["task"]),
    };
  }

  #taskOf(jobId: string): string | null {
    return text(this.#sql.exec(TASK_OF, jobId).toArray()[0]?.["upstream_id"]);
  }
}
