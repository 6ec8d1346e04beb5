import type { LedgerState } from "./ledger-state.ts";
import type { OfferedRate } from "./types.ts";

/**
 * The rate in force by the ledger's own clock, and never an older version than this ledger has
 * used for the model: an isolate with stale settings cannot bring an old price back.
 */
export function pickVersion(
  { rateVersions, now }: Pick<LedgerState, "rateVersions" | "now">,
  model: string,
  rates: readonly OfferedRate[],
): OfferedRate | null {
  const floor = rateVersions[model] ?? 0;
  return rates
    .filter((rate) => rate.effectiveFrom <= now && rate.version >= floor && rate.costMicros > 0)
    .reduce<OfferedRate | null>((a, b) => (a && a.version > b.version ? a : b), null);
}

/** Remembers that jobs are admitted at this version now. */
export function useVersion(
  sql: SqlStorage,
  { rateVersions }: Pick<LedgerState, "rateVersions">,
  model: string,
  version: number,
): void {
  if ((rateVersions[model] ?? 0) >= version) return;
  sql.exec("UPDATE tenant SET rate_versions = ?", JSON.stringify({ ...rateVersions, [model]: version }));
}
