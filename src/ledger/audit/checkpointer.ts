import { journalHead } from "../journal-store.ts";
import type { AuditDesk } from "./audit-desk.ts";
import type { AuditScope } from "./audit-run.ts";
import { readTotals } from "./checkpoint.ts";
import { lastCheckpoint, verifiedCheckpoint } from "./checkpoint-store.ts";

/** The books do not agree: no checkpoint is verified, until somebody has looked. */
export class Inconsistent extends Error {
  override name = "Inconsistent";
}

/** An audit reads every row of what was captured: at most so many of them for each entry that made it due. */
const ROWS_PER_ENTRY = 20;

/** Audits by itself once enough entries came since the last verified checkpoint, so that the next one is. */
export class Checkpointer {
  readonly #sql: SqlStorage;
  readonly #desk: AuditDesk;
  readonly #entries: number;
  readonly #secretVersion: number;
  #run: string | null = null;

  /** `entries`: since the last checkpoint, from which on one is due. `secretVersion`: of the newest secret. */
  constructor(sql: SqlStorage, desk: AuditDesk, entries: number, secretVersion: number) {
    this.#sql = sql;
    this.#desk = desk;
    this.#entries = entries;
    this.#secretVersion = secretVersion;
  }

  get due(): boolean {
    const last = lastCheckpoint(this.#sql);
    // Under an older secret it would not verify once that is taken out of use.
    if (last && last.secretVersion !== this.#secretVersion) return true;
    const since = journalHead(this.#sql).seq - (verifiedCheckpoint(this.#sql)?.seq ?? 0);
    if (since < this.#entries) return false;
    const rows = last ? (readTotals(last).spendRows ?? 0) : 0;
    return since * ROWS_PER_ENTRY >= rows;
  }

  /** In the middle of an audit. */
  get active(): boolean {
    return this.#run !== null;
  }

  /** One step of its audit; true: it was the last. Throws Inconsistent. */
  step(scope: AuditScope): boolean {
    const step = this.#desk.step(this.#run, scope);
    this.#run = step.state === "running" ? step.run : null;
    if (step.state === "done" && !step.report.consistent) throw new Inconsistent(step.report.differences.join("; "));
    return step.state === "done";
  }
}
