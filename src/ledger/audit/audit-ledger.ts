import type { AuditJob, AuditReport } from "./audit-types.ts";
import type { TenantLedgerApi } from "../types.ts";

const RESTARTS_MAX = 5;

/** Steps that somebody waits for: a few seconds. */
const STEPS_MAX = 100;

export type Audited = { state: "done"; report: AuditReport } | { state: "job"; job: AuditJob };

/**
 * Audits a ledger from its last checkpoint, one bounded call after the other, so that admissions come in
 * between. One that takes long, or is lost to evictions again and again, becomes a job of the ledger's alarm.
 */
export async function auditLedger(
  ledger: Pick<TenantLedgerApi, "auditStep" | "beginAudit">,
  stepsMax = STEPS_MAX,
): Promise<Audited> {
  let restarts = 0;
  let run: string | null = null;
  for (let steps = 0; steps < stepsMax && restarts <= RESTARTS_MAX; steps++) {
    const step = await ledger.auditStep(run);
    if (step.state === "done") return { state: "done", report: step.report };
    if (step.state === "lost") restarts += 1;
    run = step.state === "lost" ? null : step.run;
  }
  return { state: "job", job: await ledger.beginAudit({ full: false }) };
}
