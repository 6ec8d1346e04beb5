import { asc, eq, gt, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { tenants } from "./schema.ts";

/** A tenant as the registry knows it: enough to find its ledger and to list it. `createdAt`: epoch ms. */
export type RegisteredTenant = typeof tenants.$inferSelect;

/** Writes the row unless it is there. True: this call wrote it. */
export async function registerTenant(
  control: D1Database,
  tenant: Omit<RegisteredTenant, "status"> & Partial<Pick<RegisteredTenant, "status">>,
): Promise<boolean> {
  const added = await drizzle(control)
    .insert(tenants)
    .values(tenant)
    .onConflictDoNothing()
    .returning({ id: tenants.id });
  return added.length === 1;
}

export async function findTenant(control: D1Database, id: string): Promise<RegisteredTenant | null> {
  const [row] = await drizzle(control).select().from(tenants).where(eq(tenants.id, id)).limit(1);
  return row ?? null;
}

/** Follows what the tenant's ledger says, which is what counts: the row is for lists. */
export async function writeTenantStatus(
  control: D1Database,
  id: string,
  status: RegisteredTenant["status"],
): Promise<void> {
  await drizzle(control).update(tenants).set({ status }).where(eq(tenants.id, id));
}

/** Names of tenants by id, of those that there are. */
export async function tenantNames(control: D1Database, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  // One parameter: D1 takes 100 at most.
  const among = sql`${tenants.id} in (select value from json_each(${JSON.stringify(ids)}))`;
  const rows = await drizzle(control).select({ id: tenants.id, name: tenants.name }).from(tenants).where(among);
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** By id, which is random: tenants with an id after `after` ("": from the first), at most `limit`. */
export async function listTenants(
  control: D1Database,
  page: { after: string; limit: number },
): Promise<RegisteredTenant[]> {
  return drizzle(control)
    .select()
    .from(tenants)
    .where(gt(tenants.id, page.after))
    .orderBy(asc(tenants.id))
    .limit(page.limit);
}
