import type { TenantLedgerApi } from "../ledger/types.ts";
import { completeTo } from "../reporting/index.ts";

/** Whether D1 REPORT has every entry that a ledger wrote before this time, and none can come any more. */
export async function isComplete(
  report: D1Database,
  ledger: Pick<TenantLedgerApi, "entries">,
  of: { tenant: string; until: number; now: number },
): Promise<boolean> {
  if (of.now < of.until) return false;
  const { seq } = await completeTo(report, of.tenant);
  const { entries } = await ledger.entries(seq, 1);
  // Times rise with numbers: if the first that is missing is of later, no earlier one is.
  return entries[0] === undefined || entries[0].at >= of.until;
}
