import type { Refusal } from "../../errors/catalogue.ts";
import { err, ok, type Result } from "../../errors/result.ts";
import type { AuditReport, TenantLedgerApi } from "../types.ts";

const RESTARTS_MAX = 5;

/** Below the calls that one invocation of a Worker may make. */
const STEPS_MAX = 900;

/**
 * Audits a ledger from its last checkpoint, one bounded call after the other, so that admissions come
 * in between. An audit lost to an eviction begins again, a few times. Refuses with `conflict`.
 */
export async function auditLedger(ledger: Pick<TenantLedgerApi, "auditStep">): Promise<Result<AuditReport, Refusal>> {
  let restarts = 0;
  let run: string | null = null;
  for (let steps = 0; steps < STEPS_MAX; steps++) {
    const step = await ledger.auditStep(run);
    if (step.state === "done") return ok(step.report);
    if (step.state === "lost" && ++restarts > RESTARTS_MAX) return err(INTERRUPTED);
    run = step.state === "lost" ? null : step.run;
  }
  return err(TOO_LONG);
}

const INTERRUPTED: Refusal = {
  code: "conflict",
  message: "the audit was interrupted again and again; try later",
  retryAfterSeconds: 60,
};

const TOO_LONG: Refusal = {
  code: "conflict",
  message: "too many entries came since the last checkpoint for one call; use ?full=true",
};
