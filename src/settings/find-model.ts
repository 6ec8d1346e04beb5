import { findModel, listModels, type ModelEntry } from "../catalog/index.ts";
import type { Refusal } from "../errors/catalogue.ts";
import type { Settings } from "./load-settings.ts";

/** The model that a tenant's id means: one that is written in the catalogue, else an enabled one of WaveSpeed's list. */
export const modelOf = (settings: Pick<Settings, "syncedModels">, id: string): ModelEntry | undefined =>
  findModel(id) ?? settings.syncedModels.get(id);

/** Every model that this gateway may offer, the written ones first. */
export function modelsOf(settings: Pick<Settings, "syncedModels">): readonly ModelEntry[] {
  const synced = [...settings.syncedModels.values()].filter(({ id }) => findModel(id) === undefined);
  return [...listModels(), ...synced];
}

/** Why there is no model of this id here: an operator switched it off, or nobody knows it. */
export function refuseModel(settings: Pick<Settings, "disabledModels">, id: string): Refusal {
  const shown = id.slice(0, 200);
  return settings.disabledModels.has(id)
    ? { code: "model_not_allowed", message: `model ${shown} is switched off in this gateway` }
    : { code: "unknown_model", message: `model ${shown} is not known` };
}
