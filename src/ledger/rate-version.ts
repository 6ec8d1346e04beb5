import type { ReserveRequest } from "./types.ts";

/**
 * The rate in force by the ledger's own clock, and never an older version than this ledger has
 * used for the model: an isolate with stale settings cannot bring an old price back.
 */
export function pickVersion(
  sql: SqlStorage,
  model: string,
  rates: ReserveRequest["rates"],
  now: number,
): ReserveRequest["rates"][number] | null {
  const used = usedVersions(sql);
  const floor = used[model] ?? 0;
  const best = rates
    .filter((rate) => rate.effectiveFrom <= now && rate.version >= floor && rate.costMicros > 0)
    .reduce<ReserveRequest["rates"][number] | null>((a, b) => (a && a.version > b.version ? a : b), null);
  if (best && best.version > floor) {
    sql.exec("UPDATE tenant SET rate_versions = ?", JSON.stringify({ ...used, [model]: best.version }));
  }
  return best;
}

const usedVersions = (sql: SqlStorage): Record<string, number> =>
  JSON.parse(String(sql.exec("SELECT rate_versions FROM tenant").one()["rate_versions"])) as Record<string, number>;
