import { auditLedger } from "../../src/ledger/audit/audit-ledger.ts";
import type { AuditReport, TenantLedgerApi } from "../../src/ledger/types.ts";

/** A ledger's audit from its last checkpoint, as the management API runs it. */
export async function auditOf(ledger: Pick<TenantLedgerApi, "auditStep">): Promise<AuditReport> {
  const audited = await auditLedger(ledger);
  if (!audited.ok) throw new Error(audited.error.message);
  return audited.value;
}
