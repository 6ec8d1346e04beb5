export {
  addMicros,
  assertMicros,
  formatMicros,
  MICROS_MAX,
  MICROS_PER_USD,
  parseMicros,
  parseSignedMicros,
} from "./micros.ts";
export { jobCostMicros, pickRate } from "./pricing.ts";
export { fixedPrice, type FixedPrice, type ListedPrice } from "./fixed-price.ts";
export { CATALOGUE_RATE_VERSION, ratesFor, type RateVersion } from "./rate-card.ts";
export {
  MARKUP_BPS_MAX,
  MARKUP_BPS_MIN,
  tenantPriceMicros,
  type PriceBasis,
  type TenantPricing,
} from "./tenant-price.ts";
