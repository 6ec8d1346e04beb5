import { and, asc, eq, gt, inArray, isNull, notInArray, or, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { catalogueModels, enabledModels, modelSettings } from "./schema.ts";

/** A model as WaveSpeed's list last had it. */
export type CatalogueModel = typeof catalogueModels.$inferSelect;

/** The same with what an operator made of it. `enabledHash`: of the schema it was enabled with; null: it never was. */
export interface CatalogueEntry {
  listed: CatalogueModel;
  enabled: boolean;
  enabledHash: string | null;
}

/** Parameters of one statement that D1 takes, less a few for the rest of it. */
const IDS_PER_QUERY = 90;

export async function readCatalogueModel(control: D1Database, id: string): Promise<CatalogueModel | null> {
  const [row] = await drizzle(control).select().from(catalogueModels).where(eq(catalogueModels.model, id)).limit(1);
  return row ?? null;
}

/** The rows of a few ids. */
export async function readCatalogueModels(
  control: D1Database,
  ids: readonly string[],
): Promise<Map<string, CatalogueModel>> {
  const rows = await drizzle(control)
    .select()
    .from(catalogueModels)
    .where(inArray(catalogueModels.model, ids.slice(0, IDS_PER_QUERY)))
    .limit(IDS_PER_QUERY);
  return new Map(rows.map((row) => [row.model, row]));
}

/** Those of these ids that the list has, or had. */
export async function knownModelIds(control: D1Database, ids: readonly string[]): Promise<Set<string>> {
  const known = new Set<string>();
  for (let from = 0; from < ids.length; from += IDS_PER_QUERY) {
    const part = ids.slice(from, from + IDS_PER_QUERY);
    const rows = await drizzle(control)
      .select({ model: catalogueModels.model })
      .from(catalogueModels)
      .where(inArray(catalogueModels.model, part))
      .limit(IDS_PER_QUERY);
    for (const { model } of rows) known.add(model);
  }
  return known;
}

/** Models of the list, by id. `q`: part of the id, in any case; `enabled` undefined: either. `except`: few. */
export async function listCatalogueModels(
  control: D1Database,
  query: {
    after: string;
    limit: number;
    q?: string | undefined;
    enabled?: boolean | undefined;
    except: readonly string[];
  },
): Promise<CatalogueEntry[]> {
  const { after, limit, q, enabled, except } = query;
  const isOn = and(sql`${enabledModels.model} is not null`, eq(modelSettings.enabled, true));
  const isOff = or(isNull(enabledModels.model), isNull(modelSettings.enabled), eq(modelSettings.enabled, false));
  const rows = await drizzle(control)
    .select({ listed: catalogueModels, enabled: modelSettings.enabled, enabledHash: enabledModels.schemaHash })
    .from(catalogueModels)
    .leftJoin(enabledModels, eq(enabledModels.model, catalogueModels.model))
    .leftJoin(modelSettings, eq(modelSettings.model, catalogueModels.model))
    .where(
      and(
        gt(catalogueModels.model, after),
        notInArray(catalogueModels.model, [...except]),
        q === undefined ? undefined : sql`instr(lower(${catalogueModels.model}), ${q.toLowerCase()}) > 0`,
        enabled === undefined ? undefined : enabled ? isOn : isOff,
      ),
    )
    .orderBy(asc(catalogueModels.model))
    .limit(limit);
  return rows.map(({ listed, enabled: on, enabledHash }) => ({
    listed,
    enabled: enabledHash !== null && on === true,
    enabledHash,
  }));
}
