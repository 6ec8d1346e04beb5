export { comparePrices } from "./compare-prices.ts";
export { readChecks, type StoredCheck } from "./price-checks.ts";
export { SYNC_EVERY_MS, syncCatalogue } from "./sync-catalogue.ts";
export type { CatalogueSource, SyncReport } from "./types.ts";
