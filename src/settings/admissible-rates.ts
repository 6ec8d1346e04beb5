import type { ModelEntry } from "../catalog/types.ts";
import type { Refusal } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import { pickRate, ratesFor, type RateVersion } from "../money/index.ts";
import type { Settings } from "./load-settings.ts";
import { nextRate, versionsInPlay } from "./rules.ts";

/** A model's prices around now. */
export interface AdmissibleRates {
  /** In force by the Worker's clock. */
  current: RateVersion;
  next: RateVersion | null;
  /** What the ledger chooses from by its own clock, oldest version first; at most 3. */
  inPlay: RateVersion[];
}

/**
 * The prices at which a model is admitted. Refuses a model that an operator switched off
 * (`model_not_allowed`) and one without a price in force (`model_unpriced`), each by name.
 */
export function admissibleRates(
  settings: Settings,
  model: Pick<ModelEntry, "id" | "cost">,
  now: number,
): Result<AdmissibleRates, Refusal> {
  if (settings.disabledModels.has(model.id)) {
    return err({ code: "model_not_allowed", message: `model ${model.id} is switched off in this gateway` });
  }
  const versions = ratesFor(model, settings.rates.get(model.id));
  const current = pickRate(versions, now);
  if (!current) return err({ code: "model_unpriced", message: `model ${model.id} has no price yet` });
  return ok({ current, next: nextRate(versions, now) ?? null, inPlay: versionsInPlay(versions, now) });
}
