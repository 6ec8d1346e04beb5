import type { AuditReport } from "../../src/ledger/audit/audit-types.ts";
import type { TenantLedgerApi } from "../../src/ledger/types.ts";
import { auditLedger } from "../../src/ledger/audit/audit-ledger.ts";

const STEPS_MAX = 10_000;

/** A ledger's audit from its last checkpoint, step by step to its end. */
export async function auditOf(ledger: Pick<TenantLedgerApi, "auditStep" | "beginAudit">): Promise<AuditReport> {
  const audited = await auditLedger(ledger, STEPS_MAX);
  if (audited.state !== "done") throw new Error("the audit became a job");
  return audited.report;
}
