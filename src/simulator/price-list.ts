/**
 * What WaveSpeed charges for five seconds, in USD as its models list states it. Kept apart from the
 * gateway's rate card on purpose: two bills that share a table cannot disagree.
 */
const BASE_PRICE_USD: Readonly<Record<string, number>> = {
  "kwaivgi/kling-v2.0-i2v-master": 1.3,
  "kwaivgi/kling-v2.0-t2v-master": 1.3,
  "kwaivgi/kling-v2.1-i2v-master": 1.3,
  "kwaivgi/kling-v2.1-i2v-pro": 0.45,
  "kwaivgi/kling-v2.1-i2v-pro/start-end-frame": 0.45,
  "kwaivgi/kling-v2.1-i2v-standard": 0.25,
  "kwaivgi/kling-v2.1-t2v-master": 1.3,
};

const BASE_SECONDS = 5;

/** JSONata, as the models list prints it. */
export const PRICE_FORMULA = '{"total_price": base_price * duration / 5}';

/** USD for five seconds; undefined for a model that WaveSpeed does not sell here. */
export const basePriceUsd = (model: string): number | undefined =>
  Object.hasOwn(BASE_PRICE_USD, model) ? BASE_PRICE_USD[model] : undefined;

export const priceUsd = (baseUsd: number, seconds: number): number => (baseUsd * seconds) / BASE_SECONDS;

/** Integer micro-dollars, for comparing with a ledger only. */
export const microsOf = (usd: number): number => Math.round(usd * 1_000_000);
