import { and, asc, desc, eq, ne, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { isRecord, secondsFieldOf, type InputSchema, type SyncedModel } from "../catalog/index.ts";
import type { RateVersion } from "../money/index.ts";
import { readVersions } from "./rate-versions.ts";
import { enabledModels, modelSettings, rateVersions } from "./schema.ts";

/** What every isolate loads, and keeps: so many models, and so much text of their schemas. */
export const ENABLED_MODELS_MAX = 200;
export const ENABLED_SCHEMA_CHARS_MAX = 2_000_000;

/** A model as it was when an operator enabled it. */
export type EnabledModel = typeof enabledModels.$inferSelect;

/** The enabled models of WaveSpeed's list. */
export async function readEnabledModels(control: D1Database): Promise<EnabledModel[]> {
  const rows = await drizzle(control)
    .select({ model: enabledModels })
    .from(enabledModels)
    .innerJoin(modelSettings, and(eq(modelSettings.model, enabledModels.model), eq(modelSettings.enabled, true)))
    .orderBy(asc(enabledModels.model))
    .limit(ENABLED_MODELS_MAX);
  return rows.map(({ model }) => model);
}

/**
 * What every isolate loads: the enabled models, and of those that were switched off as many as there is room for, so
 * that a submit of one is refused in its turn, and a replay of its job still finds that job.
 */
export async function readFrozenModels(control: D1Database): Promise<EnabledModel[]> {
  const rows = await drizzle(control)
    .select({ model: enabledModels, enabled: modelSettings.enabled })
    .from(enabledModels)
    .innerJoin(modelSettings, eq(modelSettings.model, enabledModels.model))
    .orderBy(desc(modelSettings.enabled), desc(enabledModels.enabledAt), asc(enabledModels.model))
    .limit(ENABLED_MODELS_MAX);
  let chars = 0;
  return rows.flatMap(({ model, enabled }) => {
    chars += model.inputSchema.length;
    return enabled || chars <= ENABLED_SCHEMA_CHARS_MAX ? [model] : [];
  });
}

/**
 * Null: it cannot be priced by the second, as its rate says, or its row cannot be read. Such a model is not offered;
 * the others are.
 */
export function toSyncedModel(row: EnabledModel, unit: RateVersion["unit"] | undefined): SyncedModel | null {
  const schema = parseSchema(row.inputSchema);
  if (schema === null) return null;
  const seconds = unit === "second" ? secondsFieldOf(schema) : null;
  if (seconds?.ok === false) return null;
  return {
    id: row.model,
    name: row.model,
    type: row.type,
    description: row.description,
    cost: null,
    source: "WaveSpeed's list of models",
    schema,
    schemaKey: `${row.model} ${row.schemaHash} ${row.enabledAt}`,
    secondsField: seconds?.value ?? null,
  };
}

function parseSchema(text: string): InputSchema | null {
  try {
    const schema: unknown = JSON.parse(text);
    return isRecord(schema) ? (schema as InputSchema) : null;
  } catch {
    return null;
  }
}

/** How much the other enabled models take of what may be loaded. */
export async function loadOfEnabled(control: D1Database, except: string): Promise<{ models: number; chars: number }> {
  const [load] = await drizzle(control)
    .select({
      models: sql<number>`count(*)`,
      chars: sql<number>`coalesce(sum(length(${enabledModels.inputSchema})), 0)`,
    })
    .from(enabledModels)
    .innerJoin(modelSettings, and(eq(modelSettings.model, enabledModels.model), eq(modelSettings.enabled, true)))
    .where(ne(enabledModels.model, except));
  return load ?? { models: 0, chars: 0 };
}

/**
 * Enables a model with this schema and, unless its price is there already, at this rate: all of it, or nothing.
 * False: another price was set at the same moment.
 */
export async function writeEnabledModel(
  control: D1Database,
  model: EnabledModel,
  rate: RateVersion | null,
): Promise<boolean> {
  const db = drizzle(control);
  const { model: id, ...rest } = model;
  const setting = { model: id, enabled: true, updatedAt: model.enabledAt };
  const frozen = db.insert(enabledModels).values(model).onConflictDoUpdate({ target: enabledModels.model, set: rest });
  const switched = db
    .insert(modelSettings)
    .values(setting)
    .onConflictDoUpdate({ target: modelSettings.model, set: { enabled: true, updatedAt: model.enabledAt } });
  if (rate === null) {
    await db.batch([frozen, switched]);
    return true;
  }
  try {
    await db.batch([db.insert(rateVersions).values({ ...rate, createdAt: model.enabledAt }), frozen, switched]);
    return true;
  } catch (error) {
    const versions = await readVersions(control, id);
    if (versions.some(({ version }) => version === rate.version)) return false;
    throw error;
  }
}
