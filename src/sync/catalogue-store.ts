import { eq, isNull, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { catalogueModels, catalogueSyncs } from "../settings/schema.ts";
import type { ListedModel, SyncReport } from "./types.ts";

const ROW = 1;

/** Nobody else begins before this is over; longer than any look takes. */
export const BUSY_MS = 5 * 60_000;

/** More models than WaveSpeed has by far; what is beyond is not seen. */
const MODELS_MAX = 10_000;

/** One parameter of D1 may hold 2 MB. */
const CHUNK_CHARS_MAX = 500_000;

export interface KnownModel {
  hash: string;
  schemaHash: string;
  missingSince: number | null;
}

/**
 * Takes the turn to look at the list, or says why not. One statement decides, so of two crons, or of a cron and an
 * operator, one looks.
 */
export async function claimSync(
  control: D1Database,
  now: number,
  dueBefore: number,
): Promise<"mine" | "busy" | "not_due"> {
  const db = drizzle(control);
  const fresh = { busyUntil: now + BUSY_MS, startedAt: now };
  const claimed = await db
    .insert(catalogueSyncs)
    .values({ id: ROW, ...fresh, succeededAt: null, models: 0, malformed: 0, problem: "" })
    .onConflictDoUpdate({
      target: catalogueSyncs.id,
      set: fresh,
      setWhere: sql`${catalogueSyncs.busyUntil} <= ${now} and ${catalogueSyncs.startedAt} <= ${dueBefore}`,
    })
    .returning({ id: catalogueSyncs.id });
  if (claimed.length === 1) return "mine";
  const state = await readSync(control);
  return state !== null && state.busyUntil > now ? "busy" : "not_due";
}

export async function readSync(control: D1Database): Promise<typeof catalogueSyncs.$inferSelect | null> {
  const [row] = await drizzle(control).select().from(catalogueSyncs).where(eq(catalogueSyncs.id, ROW)).limit(1);
  return row ?? null;
}

/** Gives the turn back. `succeededAt` null: what was known before stays as old as it was. */
export async function finishSync(control: D1Database, report: SyncReport, now: number): Promise<void> {
  const done = report.state === "done";
  await drizzle(control)
    .update(catalogueSyncs)
    .set({
      busyUntil: now,
      problem: report.problem ?? "",
      ...(done && { succeededAt: now, models: report.models, malformed: report.malformed }),
    })
    .where(eq(catalogueSyncs.id, ROW));
}

export async function readKnownModels(control: D1Database): Promise<Map<string, KnownModel>> {
  const { model, hash, schemaHash, missingSince } = catalogueModels;
  const rows = await drizzle(control)
    .select({ model, hash, schemaHash, missingSince })
    .from(catalogueModels)
    .limit(MODELS_MAX);
  return new Map(rows.map(({ model: id, ...known }) => [id, known]));
}

/** Writes models that are new, have changed, or are back. */
export async function writeModels(control: D1Database, models: readonly ListedModel[], now: number): Promise<void> {
  for (const chunk of chunksOf(models.map((model) => JSON.stringify(model)))) {
    await control
      .prepare(
        `INSERT INTO catalogue_models (model, type, description, base_price, formula, request_schema, schema_hash, hash,
           first_seen_at, changed_at, missing_since)
         SELECT value ->> 'model', value ->> 'type', value ->> 'description', value ->> 'basePrice', value ->> 'formula',
           value ->> 'requestSchema', value ->> 'schemaHash', value ->> 'hash', ?2, ?2, NULL
         FROM json_each(?1) WHERE true
         ON CONFLICT (model) DO UPDATE SET type = excluded.type, description = excluded.description,
           base_price = excluded.base_price, formula = excluded.formula, request_schema = excluded.request_schema,
           schema_hash = excluded.schema_hash, missing_since = NULL,
           changed_at = CASE WHEN hash = excluded.hash THEN changed_at ELSE excluded.changed_at END,
           hash = excluded.hash`,
      )
      .bind(chunk, now)
      .run();
  }
}

/** Marks models that the list leaves out; nothing is deleted. */
export async function markMissing(control: D1Database, ids: readonly string[], now: number): Promise<void> {
  for (const chunk of chunksOf(ids.map((id) => JSON.stringify(id)))) {
    await drizzle(control)
      .update(catalogueModels)
      .set({ missingSince: now })
      .where(
        sql`${isNull(catalogueModels.missingSince)} and ${catalogueModels.model} in (select value from json_each(${chunk}))`,
      );
  }
}

/** JSON lists of so many of these texts as fit into one parameter. */
function* chunksOf(texts: readonly string[]): Generator<string> {
  let part: string[] = [];
  let chars = 0;
  for (const text of texts) {
    if (part.length > 0 && chars + text.length > CHUNK_CHARS_MAX) {
      yield `[${part.join(",")}]`;
      part = [];
      chars = 0;
    }
    part.push(text);
    chars += text.length;
  }
  if (part.length > 0) yield `[${part.join(",")}]`;
}
