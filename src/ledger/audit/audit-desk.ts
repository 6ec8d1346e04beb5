import type { AuditReport, AuditStep } from "./audit-types.ts";
import { tryCountUp } from "../count-up.ts";
import type { CountersInUse } from "../counters-in-use.ts";
import { AuditRun, type AuditScope } from "./audit-run.ts";

/** Audits that one object keeps in memory; the oldest makes way and begins again. */
const RUNS_MAX = 4;

/** The audits under way in this instance. They are gone with it, which `step` says. */
export class AuditDesk {
  readonly #storage: DurableObjectStorage;
  readonly #counters: Pick<CountersInUse, "written">;
  readonly #runs = new Map<string, AuditRun>();

  constructor(storage: DurableObjectStorage, counters: Pick<CountersInUse, "written">) {
    this.#storage = storage;
    this.#counters = counters;
  }

  /** Begins an audit (null) or carries one on. Synchronous: what it compares is of one moment. */
  step(id: string | null, scope: AuditScope): AuditStep {
    const run = id === null ? this.#begin(scope) : this.#runs.get(id);
    if (!run?.standsOn) {
      if (id !== null) this.#runs.delete(id);
      return { state: "lost" };
    }
    const report = this.#carryOn(run, scope);
    if (!report) return { state: "running", run: run.id, seq: run.seq, targetSeq: run.targetSeq };
    this.#runs.delete(run.id);
    return { state: "done", report };
  }

  #begin(scope: AuditScope): AuditRun {
    const run = new AuditRun(this.#storage.sql, scope, this.#counters.written);
    const oldest = this.#runs.keys().next().value;
    if (this.#runs.size >= RUNS_MAX && oldest !== undefined) this.#runs.delete(oldest);
    this.#runs.set(run.id, run);
    return run;
  }

  /** Rows that nothing of ours wrote may break the replay itself: that, too, is a finding, and nothing is written. */
  #carryOn(run: AuditRun, scope: AuditScope): AuditReport | null {
    // What is compared is what is in the tables, so that every entry must be.
    const uncounted = run.isCounted ? tryCountUp(this.#storage) : null;
    if (uncounted !== null) run.notCounted(uncounted);
    try {
      return this.#storage.transactionSync(() => run.step(scope));
    } catch (error) {
      return run.broken(String(error));
    }
  }
}
