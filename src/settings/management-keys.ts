import { and, asc, eq, gt, isNull, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { managementKeys } from "./schema.ts";

/** An operator's key as stored: its keyed hash (hex), never the key. Times: epoch ms. */
export type ManagementKey = typeof managementKeys.$inferSelect;

export async function insertManagementKey(
  control: D1Database,
  key: { id: string; hash: string; name: string; createdAt: number },
): Promise<void> {
  await drizzle(control).insert(managementKeys).values(key);
}

export async function findManagementKey(control: D1Database, id: string): Promise<ManagementKey | null> {
  const [row] = await drizzle(control).select().from(managementKeys).where(eq(managementKeys.id, id)).limit(1);
  return row ?? null;
}

/** By id; revoked ones too. At most `limit`. */
export async function listManagementKeys(
  control: D1Database,
  page: { after: string; limit: number },
): Promise<ManagementKey[]> {
  return drizzle(control)
    .select()
    .from(managementKeys)
    .where(gt(managementKeys.id, page.after))
    .orderBy(asc(managementKeys.id))
    .limit(page.limit);
}

/**
 * Revokes a key, unless it is the last one that works: then nobody could make another. One statement
 * decides, so that two keys cannot revoke each other at the same moment. "unchanged": there is no such
 * key, or it was revoked before, or it is the last one.
 */
export async function revokeManagementKey(
  control: D1Database,
  id: string,
  now: number,
): Promise<"revoked" | "unchanged"> {
  const working = sql`(select count(*) from ${managementKeys} where ${managementKeys.revokedAt} is null) > 1`;
  const changed = await drizzle(control)
    .update(managementKeys)
    .set({ revokedAt: now })
    .where(and(eq(managementKeys.id, id), isNull(managementKeys.revokedAt), working))
    .returning({ id: managementKeys.id });
  return changed.length === 1 ? "revoked" : "unchanged";
}

/** SQL: whether the management key of this id (an expression) works. For what is decided in the statement that acts on it. */
export const managementKeyWorks = (id: string): string =>
  `EXISTS (SELECT 1 FROM management_keys WHERE management_keys.id = ${id} AND management_keys.revoked_at IS NULL)`;
