import { KLING_V2_0 } from "./kling-v2-0.ts";
import { KLING_V2_1 } from "./kling-v2-1.ts";
import type { ModelEntry } from "./types.ts";

/** Every family, one line each. */
const MODELS: readonly ModelEntry[] = [...KLING_V2_0, ...KLING_V2_1];

const BY_ID: ReadonlyMap<string, ModelEntry> = new Map(MODELS.map((model) => [model.id, model]));

/** Every model of the catalogue, in the order in which it is shown. */
export const listModels = (): readonly ModelEntry[] => MODELS;

/** The model with exactly this id ("kwaivgi/kling-v2.1-i2v-pro"); undefined: not in the catalogue. */
export const findModel = (id: string): ModelEntry | undefined => BY_ID.get(id);
