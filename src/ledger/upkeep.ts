import { randomBytes } from "node:crypto";
import type { Config } from "../config.ts";
import { raiseAlert } from "../observability/alerts.ts";
import { log } from "../observability/log.ts";
import { ArchivedJournal } from "./archive/archived-journal.ts";
import { Archiver } from "./archive/archiver.ts";
import { AuditDesk } from "./audit/audit-desk.ts";
import type { AuditScope } from "./audit/audit-run.ts";
import { Checkpointer, Inconsistent } from "./audit/checkpointer.ts";
import { AuditJobs } from "./audit/audit-job.ts";
import { findAudit, insertAudit, runningAudit, saveAudit, toAuditJob } from "./audit/audit-job-store.ts";
import { journalHead, toEntry } from "./journal-store.ts";
import type { AuditJob, AuditStep } from "./audit/audit-types.ts";
import type { TenantLedgerApi } from "./types.ts";
import type { CountersInUse } from "./counters-in-use.ts";
import { clearFailure, findFailure, saveFailure, type UpkeepTask } from "./upkeep-store.ts";

const RETRY_MS_MIN = 30_000;
const RETRY_MS_MAX = 3_600_000;

/** An audit that failed so often in a row is given up; somebody waits for its answer. */
const AUDIT_ATTEMPTS_MAX = 6;

/** An archive that failed so often in a row is an operator's matter. */
const ALERT_AFTER_ATTEMPTS = 3;

interface Bindings {
  ARCHIVE?: R2Bucket;
  CONTROL: D1Database;
}

/**
 * What keeps a long life short: audits, checkpoints, the archive. One bounded step for each alarm, the
 * first task that is due. A task that fails waits, longer each time, and holds up no other.
 */
export class Upkeep {
  readonly #storage: DurableObjectStorage;
  readonly #config: Config;
  readonly #control: D1Database;
  readonly #desk: AuditDesk;
  readonly #journal: ArchivedJournal;
  readonly #jobs: AuditJobs;
  readonly #checkpointer: Checkpointer;
  readonly #archiver: Archiver | null;

  constructor(storage: DurableObjectStorage, env: Bindings, config: Config, counters: Pick<CountersInUse, "written">) {
    this.#storage = storage;
    this.#config = config;
    this.#control = env.CONTROL;
    this.#desk = new AuditDesk(storage, counters);
    this.#journal = new ArchivedJournal(storage.sql, env.ARCHIVE);
    // A desk of their own: however many audits people begin, theirs are not put away.
    const own = new AuditDesk(storage, counters);
    this.#jobs = new AuditJobs(storage, this.#journal, own);
    this.#checkpointer = new Checkpointer(storage.sql, own, config.checkpointEntries, config.secrets.newest.version);
    this.#archiver = env.ARCHIVE ? new Archiver(storage, env.ARCHIVE, config) : null;
  }

  /** Journal entries, archived ones included. Throws where R2 does, or a copy is damaged. */
  async entries(afterSeq: number, limit: number): ReturnType<TenantLedgerApi["entries"]> {
    const rows = await this.#journal.read(afterSeq, limit);
    return { entries: rows.map(toEntry), headSeq: journalHead(this.#storage.sql).seq };
  }

  /** The checkpoint stays while the alarm's own audit stands on it, so that this one does not make it begin again. */
  auditStep(tenant: string, run: string | null): AuditStep {
    const scope = this.#scope(tenant);
    const stays = this.#checkpointer.active || runningAudit(this.#storage.sql) !== null;
    return this.#desk.step(run, stays ? { ...scope, checkpointEntries: null } : scope);
  }

  /** One audit runs at a time: another request for it is told of the one that does, which becomes a full one if need be. */
  beginAudit(full: boolean): AuditJob {
    const sql = this.#storage.sql;
    const running = runningAudit(sql);
    const id = running?.id ?? randomBytes(8).toString("hex");
    if (!running) insertAudit(sql, id, full, journalHead(sql).seq, Date.now());
    else if (full) saveAudit(sql, { ...running, progress: { ...running.progress, full } });
    const job = this.auditJob(id);
    if (!job) throw new Error(`audit ${id} was not written`);
    return job;
  }

  auditJob(id: string): AuditJob | null {
    const row = findAudit(this.#storage.sql, id);
    return row && toAuditJob(row);
  }

  /** When a step is due, epoch ms; null: nothing is to be done. */
  nextDue(now: number): number | null {
    const times = this.#dueTasks().map((task) => {
      const failure = findFailure(this.#storage.sql, task);
      return Math.max(now + this.#config.upkeepMs, failure?.nextAt ?? 0);
    });
    return times.length === 0 ? null : Math.min(...times);
  }

  /** The next step of the first task that is due and not waiting after a failure. Never throws. */
  async step(tenant: string, now: number): Promise<void> {
    const task = this.#dueTasks().find((due) => (findFailure(this.#storage.sql, due)?.nextAt ?? 0) <= now);
    if (!task) return;
    try {
      if (await this.#perform(task, tenant)) clearFailure(this.#storage.sql, task);
    } catch (error) {
      await this.#failed(task, tenant, error, now);
    }
  }

  /** While an audit runs as a job the checkpoint that it is compared with must stay. */
  #dueTasks(): UpkeepTask[] {
    const audit = this.#jobs.due;
    return [
      ...(audit ? (["audit"] as const) : []),
      ...(!audit && this.#checkpointer.due ? (["checkpoint"] as const) : []),
      ...(this.#archiver?.due ? (["archive"] as const) : []),
    ];
  }

  /**
   * True: the task has come so far that an earlier failure is over. One that fails in the same place
   * each time, after steps that succeed, must wait longer each time.
   */
  async #perform(task: UpkeepTask, tenant: string): Promise<boolean> {
    if (task === "checkpoint") return this.#checkpointer.step(this.#scope(tenant));
    if (task === "archive") return (await this.#archiver?.step(tenant)) ?? true;
    const report = await this.#jobs.step(this.#scope(tenant));
    if (report && !report.consistent) await this.#alert(tenant, "ledger_inconsistent", report.differences.join("; "));
    return true;
  }

  async #failed(task: UpkeepTask, tenant: string, error: unknown, now: number): Promise<void> {
    const attempts = (findFailure(this.#storage.sql, task)?.attempts ?? 0) + 1;
    const wait = Math.min(RETRY_MS_MIN * 2 ** (attempts - 1), RETRY_MS_MAX);
    const message = String(error);
    saveFailure(this.#storage.sql, task, { attempts, nextAt: now + wait, message });
    log.error("ledger upkeep failed", { tenant, task, attempts, error });
    if (error instanceof Inconsistent) await this.#alert(tenant, "ledger_inconsistent", error.message);
    else if (attempts >= ALERT_AFTER_ATTEMPTS) await this.#alert(tenant, "ledger_upkeep", `${task}: ${message}`);
    const running = runningAudit(this.#storage.sql);
    if (task === "audit" && running && attempts >= AUDIT_ATTEMPTS_MAX) {
      this.#jobs.fail(running, message);
      clearFailure(this.#storage.sql, task);
    }
  }

  async #alert(tenant: string, kind: string, message: string): Promise<void> {
    await raiseAlert(this.#control, { kind, subject: tenant, message });
  }

  #scope(tenant: string): AuditScope {
    const { secrets, auditStepEntries, checkpointEntries } = this.#config;
    return { tenant, secrets, rowsMax: auditStepEntries, checkpointEntries };
  }
}
