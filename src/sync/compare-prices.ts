import { defaultInputs, durationInputs, requestSchema, type InputSchema } from "../catalog/index.ts";
import { jobCostMicros } from "../money/index.ts";
import { readSettings } from "../settings/index.ts";
import { postponeCheck, readChecks, recordChecks, storedCheck } from "./price-checks.ts";
import { pricedModels, type PricedModel } from "./priced-models.ts";
import type { CatalogueSource } from "./types.ts";

/** How old a comparison grows before WaveSpeed is asked again. */
export const QUOTE_EVERY_MS = 6 * 3_600_000;

/** Quotes that one tick asks for, one after the other: 600 an hour at most. */
export const QUOTES_PER_TICK_MAX = 10;

interface Quotable {
  model: string;
  seconds: number;
  costMicros: number;
  inputs: Record<string, unknown>;
}

/**
 * Asks WaveSpeed what it charges for the default inputs of each priced model, at every duration that is listed, and
 * compares. A tick asks for a few, those first that were asked longest ago, so no cursor is kept and none starves.
 * Answers how many were asked.
 */
export async function comparePrices(
  control: D1Database,
  source: Pick<CatalogueSource, "quote">,
  now: number,
): Promise<number> {
  const stored = await readChecks(control);
  const settings = await readSettings(control, now);
  const lastAsked = ({ model, seconds }: Quotable): number =>
    storedCheck(stored, { model, source: "quote", seconds })?.checkedAt ?? 0;
  const due = pricedModels(settings, now)
    .flatMap(quotablesOf)
    .filter((job) => lastAsked(job) <= now - QUOTE_EVERY_MS)
    .sort((a, b) => lastAsked(a) - lastAsked(b))
    .slice(0, QUOTES_PER_TICK_MAX);
  for (const { inputs, ...job } of due) {
    const answer = await source.quote(job.model, inputs);
    const check = { ...job, source: "quote" as const };
    if (answer.kind === "quoted") {
      await recordChecks(control, [{ ...check, upstreamMicros: answer.micros, reason: null }], stored, now);
      continue;
    }
    await postponeCheck(control, check, storedCheck(stored, check), now);
    // Whoever does not answer one does not answer ten: the next tick asks others.
    break;
  }
  return due.length;
}

function quotablesOf({ model, rate }: PricedModel): Quotable[] {
  const schema = requestSchema(model) as InputSchema;
  const standard = defaultInputs(schema);
  if (rate.unit === "run") {
    return [{ model: model.id, seconds: 0, costMicros: jobCostMicros(rate, 0), inputs: standard }];
  }
  return durationInputs(schema).map(({ seconds, inputs }) => ({
    model: model.id,
    seconds,
    costMicros: jobCostMicros(rate, seconds),
    inputs: { ...standard, ...inputs },
  }));
}
