import { DurableObject } from "cloudflare:workers";
import { migrate } from "../storage/migrate.ts";

const STEPS = [
  `CREATE TABLE claims (upstream_id TEXT PRIMARY KEY, job_id TEXT NOT NULL, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
   CREATE UNIQUE INDEX claims_by_job ON claims (job_id);
   CREATE TABLE unknowns (job_id TEXT PRIMARY KEY, input_hash TEXT NOT NULL) STRICT, WITHOUT ROWID;`,
];

/** Begins the id in the row of a job that was given up: WaveSpeed's ids hold no colon. */
const NO_TASK = "none:";

/** What the account answers to a job that looks for its lost task. */
export type Adoption =
  | { kind: "adopted"; upstreamId: string }
  | { kind: "ambiguous"; unclaimed: number }
  | { kind: "none" };

/** RPC surface of UpstreamAccount. */
export interface UpstreamAccountApi {
  claim(upstreamId: string, jobId: string): Promise<boolean>;
  /** Answers the task that the job had claimed already, if it had. */
  enterUnknown(jobId: string, inputHash: string): Promise<string | null>;
  leaveUnknown(jobId: string): Promise<void>;
  abandon(jobId: string): Promise<string | null>;
  claimLate(upstreamId: string, jobId: string): Promise<boolean>;
  unclaimed(jobId: string, candidates: string[]): Promise<string[]>;
  adopt(jobId: string, inputHash: string, candidates: string[]): Promise<Adoption>;
}

/**
 * One WaveSpeed key. All tenants share it, so this object alone says which task belongs to which
 * job: one row per upstream id, for ever.
 */
export class UpstreamAccount extends DurableObject implements UpstreamAccountApi {
  readonly #sql: SqlStorage;

  constructor(state: DurableObjectState, env: Record<string, unknown>) {
    super(state, env);
    this.#sql = state.storage.sql;
    migrate(state.storage, STEPS);
  }

  /** True if the task is this job's, now or already; false if another job has it. */
  async claim(upstreamId: string, jobId: string): Promise<boolean> {
    return this.ctx.storage.transactionSync(() => this.#claim(upstreamId, jobId));
  }

  async enterUnknown(jobId: string, inputHash: string): Promise<string | null> {
    const claim = this.#taskOf(jobId);
    if (claim !== null) return claim;
    this.#sql.exec("INSERT INTO unknowns (job_id, input_hash) VALUES (?, ?) ON CONFLICT DO NOTHING", jobId, inputHash);
    return null;
  }

  async leaveUnknown(jobId: string): Promise<void> {
    this.#sql.exec("DELETE FROM unknowns WHERE job_id = ?", jobId);
  }

  /** The job's task, if it has one; if not, it never will: its row is taken by one that names no task. */
  async abandon(jobId: string): Promise<string | null> {
    return this.ctx.storage.transactionSync(() => {
      const claim = this.#taskOf(jobId);
      if (claim === null) this.#claim(NO_TASK + jobId, jobId);
      return claim;
    });
  }

  /** As `claim`, for a job that was given up: its row that names no task makes way for the one that does. */
  async claimLate(upstreamId: string, jobId: string): Promise<boolean> {
    return this.ctx.storage.transactionSync(() => {
      if (this.#ownerOf(upstreamId) === null) {
        this.#sql.exec("DELETE FROM claims WHERE upstream_id = ?", NO_TASK + jobId);
      }
      return this.#taskOf(jobId) === null ? this.#claim(upstreamId, jobId) : this.#ownerOf(upstreamId) === jobId;
    });
  }

  /** Those of these tasks (all of one list walk, so bounded there) that no other job has. */
  async unclaimed(jobId: string, candidates: string[]): Promise<string[]> {
    return candidates.filter((id) => [null, jobId].includes(this.#ownerOf(id)));
  }

  /** Gives a lost job its task only if there is one candidate and no other job it could belong to. */
  async adopt(jobId: string, inputHash: string, candidates: string[]): Promise<Adoption> {
    return this.ctx.storage.transactionSync(() => {
      const unclaimed = candidates.filter((id) => this.#ownerOf(id) === null);
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
    if (this.#ownerOf(upstreamId) !== jobId) return false;
    this.#sql.exec("DELETE FROM unknowns WHERE job_id = ?", jobId);
    return true;
  }

  #taskOf(jobId: string): string | null {
    const row = this.#sql.exec("SELECT upstream_id FROM claims WHERE job_id = ?", jobId).toArray()[0];
    const id = row ? String(row["upstream_id"]) : null;
    return id?.startsWith(NO_TASK) ? null : id;
  }

  #ownerOf(upstreamId: string): string | null {
    const row = this.#sql.exec("SELECT job_id FROM claims WHERE upstream_id = ?", upstreamId).toArray()[0];
    return row ? String(row["job_id"]) : null;
  }
}
