import { journalHead } from "../journal-store.ts";
import type { AuditDesk } from "./audit-desk.ts";
import type { AuditScope } from "./audit-run.ts";
import { lastCheckpoint } from "./checkpoint-store.ts";

/** The books do not agree: no checkpoint, until somebody has looked. */
export class Inconsistent extends Error {
  override name = "Inconsistent";
}

/** Audits by itself once enough entries came since the last checkpoint, so that the next one is made. */
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
    return journalHead(this.#sql).seq - (last?.seq ?? 0) >= this.#entries;
  }

  /** One step of its audit; true: it was the last. Throws Inconsistent. */
  step(scope: AuditScope): boolean {
    const step = this.#desk.step(this.#run, scope);
    this.#run = step.state === "running" ? step.run : null;
    if (step.state === "done" && !step.report.consistent) throw new Inconsistent(step.report.differences.join("; "));
    return step.state === "done";
  }
}
