import { eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { modelSettings } from "./schema.ts";

const DISABLED_MODELS_MAX = 1_000;

/** Ids of the models that an operator switched off. */
export async function readDisabledModels(control: D1Database): Promise<string[]> {
  const rows = await drizzle(control)
    .select({ model: modelSettings.model })
    .from(modelSettings)
    .where(eq(modelSettings.enabled, false))
    .limit(DISABLED_MODELS_MAX);
  return rows.map((row) => row.model);
}

/** Switches a model on or off; the same again changes nothing but the time. */
export async function writeModelEnabled(
  control: D1Database,
  setting: { model: string; enabled: boolean; updatedAt: number },
): Promise<void> {
  const { enabled, updatedAt } = setting;
  await drizzle(control)
    .insert(modelSettings)
    .values(setting)
    .onConflictDoUpdate({ target: modelSettings.model, set: { enabled, updatedAt } });
}
