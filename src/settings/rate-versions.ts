import { asc, desc, eq, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { RateVersion } from "../money/index.ts";
import { findRequest, keepRequest, type KeptRequest } from "./requests.ts";
import { PENDING_VERSIONS_MAX } from "./rules.ts";
import { rateVersions } from "./schema.ts";

/**
 * Newest versions per model that are read. At most PENDING_VERSIONS_MAX of them wait for their time,
 * so the one in force, and the one before it, are always among them.
 */
const VERSIONS_PER_MODEL_MAX = PENDING_VERSIONS_MAX + 22;
const MODELS_MAX = 1_000;

/** The newest versions that operators added, of every model: what admission needs. */
export async function readAllVersions(control: D1Database): Promise<RateVersion[]> {
  const db = drizzle(control);
  const ranked = db
    .select({
      model: rateVersions.model,
      version: rateVersions.version,
      rank: sql<number>`row_number() over (partition by ${rateVersions.model} order by ${rateVersions.version} desc)`.as(
        "rank",
      ),
    })
    .from(rateVersions)
    .as("ranked");
  const rows = await db
    .select({ rate: rateVersions })
    .from(rateVersions)
    .innerJoin(
      ranked,
      sql`${ranked.model} = ${rateVersions.model} and ${ranked.version} = ${rateVersions.version} and ${ranked.rank} <= ${VERSIONS_PER_MODEL_MAX}`,
    )
    .orderBy(asc(rateVersions.model), asc(rateVersions.version))
    .limit(MODELS_MAX * VERSIONS_PER_MODEL_MAX);
  return rows.map((row) => toVersion(row.rate));
}

/** The newest versions that operators added to one model, oldest first. */
export async function readVersions(control: D1Database, model: string): Promise<RateVersion[]> {
  const rows = await drizzle(control)
    .select()
    .from(rateVersions)
    .where(eq(rateVersions.model, model))
    .orderBy(desc(rateVersions.version))
    .limit(VERSIONS_PER_MODEL_MAX);
  return rows.map(toVersion).reverse();
}

/**
 * Adds a version. False: its number was taken meanwhile; nothing was written, and
 * the caller decides anew on what is there now.
 */
export async function insertVersion(control: D1Database, rate: RateVersion, createdAt: number): Promise<boolean> {
  const added = await drizzle(control)
    .insert(rateVersions)
    .values({ ...rate, createdAt })
    .onConflictDoNothing()
    .returning({ version: rateVersions.version });
  return added.length === 1;
}

/**
 * Adds a version and keeps the request that asked for it: both, or neither. False: the number was taken, or
 * the same Idempotency-Key was used, meanwhile.
 */
export async function insertVersionOnce(
  control: D1Database,
  rate: RateVersion,
  request: KeptRequest,
): Promise<boolean> {
  const db = drizzle(control);
  const { createdAt } = request;
  try {
    await db.batch([db.insert(rateVersions).values({ ...rate, createdAt }), ...keepRequest(control, request)]);
    return true;
  } catch (error) {
    const versions = await readVersions(control, rate.model);
    const taken = versions.some(({ version }) => version === rate.version);
    if (taken || (await findRequest(control, request.scope, createdAt))) return false;
    throw error;
  }
}

function toVersion(row: typeof rateVersions.$inferSelect): RateVersion {
  const { createdAt: _createdAt, ...rate } = row;
  return rate;
}
