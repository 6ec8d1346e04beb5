import { KLING_V2_0 } from "./kling-v2-0.ts";
import { KLING_V2_1 } from "./kling-v2-1.ts";
import type { WrittenModel } from "./types.ts";

/** Every family, one line each. */
const MODELS: readonly WrittenModel[] = [...KLING_V2_0, ...KLING_V2_1];

const BY_ID: ReadonlyMap<string, WrittenModel> = new Map(MODELS.map((model) => [model.id, model]));

/** Every model that is written here, in the order in which it is shown. */
export const listModels = (): readonly WrittenModel[] => MODELS;

/** The written model with exactly this id ("kwaivgi/kling-v2.1-i2v-pro"). Models that are only synced are in the settings. */
export const findModel = (id: string): WrittenModel | undefined => BY_ID.get(id);
