import type { OfferedRate } from "./types.ts";

/**
 * The rate in force by the ledger's own clock, and never an older version than this ledger has
 * used for the model: an isolate with stale settings cannot bring an old price back.
 */
export function pickVersion(
  sql: SqlStorage,
  model: string,
  rates: readonly OfferedRate[],
  now: number,
): OfferedRate | null {
  const floor = usedVersions(sql)[model] ?? 0;
  return rates
    .filter((rate) => rate.effectiveFrom <= now && rate.version >= floor && rate.costMicros > 0)
    .reduce<OfferedRate | null>((a, b) => (a && a.version > b.version ? a : b), null);
}

/** Remembers that jobs are admitted at this version now. */
export function useVersion(sql: SqlStorage, model: string, version: number): void {
  const used = usedVersions(sql);
  if ((used[model] ?? 0) >= version) return;
  sql.exec("UPDATE tenant SET rate_versions = ?", JSON.stringify({ ...used, [model]: version }));
}

const usedVersions = (sql: SqlStorage): Record<string, number> =>
  JSON.parse(String(sql.exec("SELECT rate_versions FROM tenant").one()["rate_versions"])) as Record<string, number>;
