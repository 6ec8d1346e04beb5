import type { TenantLedgerApi } from "../ledger/types.ts";
import { completeTo } from "../reporting/index.ts";

type Ledger = Pick<TenantLedgerApi, "entries">;

/**
 * Up to which time (epoch ms, not included) D1 REPORT has every entry that a ledger wrote, and none can come any more: now, or the time
 * of the first entry that is missing, since times rise with numbers.
 */
export async function completeUntil(
  report: D1Database,
  ledger: Ledger,
  of: { tenant: string; now: number },
): Promise<number> {
  const { seq } = await completeTo(report, of.tenant);
  const { entries } = await ledger.entries(seq, 1);
  return Math.min(of.now, entries[0]?.at ?? of.now);
}

/** Whether that is so of all before `until`; of what is not over, nobody need be asked. */
export async function isComplete(
  report: D1Database,
  ledger: Ledger,
  of: { tenant: string; until: number; now: number },
): Promise<boolean> {
  return of.until <= of.now && of.until <= (await completeUntil(report, ledger, of));
}
