import { and, countDistinct, eq, ne } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { allowedOrigins } from "./schema.ts";

/** Different origins that all tenants list together: every isolate holds them. */
export const ALLOWED_ORIGINS_MAX = 5_000;

/** How long an isolate believes whether a tenant lists an origin. */
const LISTED_MS_MAX = 30_000;

/** After a read that failed. */
const RETRY_AFTER_MS = 5_000;

const READ_MS_MAX = 1_000;
const LISTED_ENTRIES_MAX = 10_000;

interface Listed {
  listed: boolean;
  until: number;
}

/** By database; then by tenant and origin. */
const copies = new WeakMap<D1Database, Map<string, Listed>>();

/** All origins that any tenant lists. Throws where D1 fails. */
export async function readAllowedOrigins(control: D1Database): Promise<string[]> {
  const rows = await drizzle(control)
    .selectDistinct({ origin: allowedOrigins.origin })
    .from(allowedOrigins)
    .limit(ALLOWED_ORIGINS_MAX);
  return rows.map(({ origin }) => origin);
}

/**
 * Whether this tenant lists this origin, at most 30 s old. Where D1 does not answer, what was known, or no:
 * the page is then told less, and no key is worth less.
 */
export async function listsOrigin(control: D1Database, tenant: string, origin: string, now: number): Promise<boolean> {
  const known = copies.get(control) ?? new Map<string, Listed>();
  copies.set(control, known);
  const name = `${tenant} ${origin}`;
  const before = known.get(name);
  if (before && before.until > now) return before.listed;
  const listed = await readListed(control, tenant, origin);
  if (known.size >= LISTED_ENTRIES_MAX) known.clear();
  const fresh =
    listed === null
      ? { listed: before?.listed ?? false, until: now + RETRY_AFTER_MS }
      : { listed, until: now + LISTED_MS_MAX };
  known.set(name, fresh);
  return fresh.listed;
}

/** Null: D1 did not say. */
async function readListed(control: D1Database, tenant: string, origin: string): Promise<boolean | null> {
  const read = drizzle(control)
    .select({ tenant: allowedOrigins.tenant })
    .from(allowedOrigins)
    .where(and(eq(allowedOrigins.origin, origin), eq(allowedOrigins.tenant, tenant)))
    .limit(1)
    .then(
      (rows) => rows.length === 1,
      () => null,
    );
  return Promise.race([read, scheduler.wait(READ_MS_MAX).then(() => null)]);
}

/** Whether the tenant may list these beside what the others list: false, the gateway holds no more. */
export async function hasRoomForOrigins(control: D1Database, tenant: string, origins: number): Promise<boolean> {
  const [row] = await drizzle(control)
    .select({ rows: countDistinct(allowedOrigins.origin) })
    .from(allowedOrigins)
    .where(ne(allowedOrigins.tenant, tenant));
  return (row?.rows ?? 0) + origins <= ALLOWED_ORIGINS_MAX;
}

/** Makes D1 follow the ledger's list, all of it at once; the same again changes nothing. */
export async function writeAllowedOrigins(
  control: D1Database,
  tenant: string,
  origins: readonly string[],
): Promise<void> {
  const db = drizzle(control);
  const emptied = db.delete(allowedOrigins).where(eq(allowedOrigins.tenant, tenant));
  const filled = origins.map((origin) => db.insert(allowedOrigins).values({ origin, tenant }));
  await db.batch([emptied, ...filled]);
  copies.delete(control);
}
