import type { ModelEntry } from "../catalog/types.ts";
import type { Refusal } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import { offerRates } from "../ledger/offer-rates.ts";
import { priceJob } from "../ledger/price-job.ts";
import type { Priced } from "../ledger/types.ts";
import type { RateVersion } from "../money/index.ts";
import type { AdmissibleRates } from "../settings/index.ts";
import type { QuotedTenant } from "./quoted-tenant.ts";

/** What a job would be held at, if it were submitted now. Money: micro-dollars; times: epoch ms. */
export interface Quote extends Priced {
  unit: "second" | "run";
  /** The price of one unit by itself; a job's price is rounded once, as a whole. */
  unitPriceMicros: number | null;
  /** When the next price begins; null: none is announced. */
  nextFrom: number | null;
  nextPriceMicros: number | null;
}

/**
 * Prices a job as its tenant's ledger would, by the ledger's own clock and the tenant's own pricing. What
 * is next is told by the pricing of now.
 */
export async function makeQuote(
  { ledger, info }: Pick<QuotedTenant, "ledger" | "info">,
  model: Pick<ModelEntry, "id">,
  seconds: number,
  rates: AdmissibleRates,
): Promise<Result<Quote, Refusal>> {
  const job = { model: model.id, seconds };
  const priceAt = (rate: RateVersion, of = job): number | null =>
    offerRates([rate], of.seconds).map((offer) => priceJob(of, offer, info.pricing))[0]?.priceMicros ?? null;
  const offers = offerRates(rates.inPlay, seconds);
  const priced = await ledger.price({ ...job, rates: offers });
  const offer = offers.find(({ version }) => version === priced?.rateVersion);
  const rate = rates.inPlay.find(({ version }) => version === offer?.version);
  if (!priced || !offer || !rate) return err(priceAt(rates.current) === null ? unpriced(model) : OUT_OF_DATE);
  const next = rates.next && rates.next.version > rate.version ? rates.next : null;
  return ok({
    ...priced,
    unit: rate.unit,
    unitPriceMicros: priceAt(rate, { ...job, seconds: 1 }),
    nextFrom: next?.effectiveFrom ?? null,
    nextPriceMicros: next && priceAt(next),
  });
}

const unpriced = ({ id }: Pick<ModelEntry, "id">): Refusal => ({
  code: "model_unpriced",
  message: `model ${id} has no price, so it is refused`,
});

const OUT_OF_DATE: Refusal = {
  code: "settings_stale",
  message: "the price list of this part of the gateway is out of date",
  retryAfterSeconds: 30,
};
