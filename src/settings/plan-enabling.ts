import { readInputSchema, secondsFieldOf, type InputSchema } from "../catalog/index.ts";
import type { Refusal } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import { fixedPrice, type FixedPrice, type RateVersion } from "../money/index.ts";
import type { CatalogueModel } from "./catalogue-models.ts";
import { planVersion } from "./rules.ts";

/** How a price says that it was taken from WaveSpeed's list; every other one is an operator's own. */
const LIST_SOURCE = "WaveSpeed's list of models";

/** What a model of the list could be enabled with. */
export interface Enablable {
  schema: InputSchema;
  /** What of its schema is not checked here. */
  notes: string[];
  /** The price that the list itself fixes, or why it fixes none. */
  price: Result<FixedPrice, string>;
  seconds: Result<string, string>;
}

/** The input schema and price of a listed model, or why it can never be enabled as it is. */
export function readEnablable(listed: CatalogueModel): Result<Enablable, string> {
  if (listed.requestSchema === "") return err("WaveSpeed's list gives no input schema for it");
  const read = readInputSchema(JSON.parse(listed.requestSchema));
  if (!read.ok) return read;
  const seconds = secondsFieldOf(read.value.schema);
  return ok({ ...read.value, seconds, price: fixedPrice(listed, seconds) });
}

/**
 * What enabling a model writes: its schema, and the price version that it begins with, or null where its price is
 * set already. An operator's own price stays; one that was taken from the list is renewed by it, with the lead that
 * every change of price has. Nothing is guessed: a model without a fixed price needs an operator's.
 */
export function planEnabling(
  listed: CatalogueModel,
  existing: readonly RateVersion[],
  now: number,
  leadMs: number,
): Result<{ schema: InputSchema; rate: RateVersion | null }, Refusal> {
  const id = listed.model;
  if (listed.missingSince !== null) return refuse(id, "WaveSpeed's list has it no more");
  const read = readEnablable(listed);
  if (!read.ok) return refuse(id, read.error);
  const { schema, price, seconds } = read.value;
  const latest = existing.at(-1);
  if (latest && !latest.source.startsWith(LIST_SOURCE)) {
    return latest.unit === "second" && !seconds.ok
      ? refuse(id, `it is priced per second, but ${seconds.error}`)
      : ok({ schema, rate: null });
  }
  if (!price.ok) return err({ code: "model_unpriced", message: `${id} has no fixed price: ${price.error}. ${HINT}` });
  const { unit, unitMicros } = price.value;
  if (latest?.unit === unit && latest.unitMicros === unitMicros) return ok({ schema, rate: null });
  const source = `${LIST_SOURCE} on ${new Date(now).toISOString()}: base_price ${listed.basePrice}, ${formulaOf(listed)}`;
  const planned = planVersion(existing, { model: id, unit, unitMicros, effectiveFrom: null, source }, now, leadMs);
  return planned.ok ? ok({ schema, rate: planned.value }) : planned;
}

const formulaOf = ({ formula }: CatalogueModel): string =>
  formula === "" ? "no formula" : `formula ${formula.slice(0, 150)}`;

const HINT = "Set one with POST /v1/rates, then enable it";

function refuse(id: string, reason: string): { ok: false; error: Refusal } {
  const rule = `cannot be enabled: ${reason}`;
  return err({ code: "invalid_request", message: `${id} ${rule}`, issues: [{ field: "model", rule, value: id }] });
}
