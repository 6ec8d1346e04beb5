import { and, asc, eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { teams } from "./schema.ts";

/** Teams that one tenant may have described. */
export const TEAMS_MAX = 500;

export type StoredTeam = Omit<typeof teams.$inferSelect, "tenant">;

const columns = { name: teams.name, description: teams.description, createdAt: teams.createdAt };

/** All of a tenant's, by name: there are 500 at most. */
export async function listTeams(control: D1Database, tenant: string): Promise<StoredTeam[]> {
  const ofTenant = drizzle(control).select(columns).from(teams).where(eq(teams.tenant, tenant));
  return ofTenant.orderBy(asc(teams.name)).limit(TEAMS_MAX);
}

/** Null: the tenant has as many teams as it may. */
export async function writeTeam(
  control: D1Database,
  tenant: string,
  team: { name: string; description: string },
  now: number,
): Promise<StoredTeam | null> {
  await control.prepare(WRITE).bind(tenant, team.name, team.description, now).run();
  const named = and(eq(teams.tenant, tenant), eq(teams.name, team.name));
  const [row] = await drizzle(control).select(columns).from(teams).where(named);
  return row ?? null;
}

const WRITE = `INSERT INTO teams (tenant, name, description, created_at)
  SELECT ?1, ?2, ?3, ?4 WHERE (SELECT count(*) FROM teams WHERE tenant = ?1) < ${TEAMS_MAX}
    OR EXISTS (SELECT 1 FROM teams WHERE tenant = ?1 AND name = ?2)
  ON CONFLICT (tenant, name) DO UPDATE SET description = excluded.description`;

/** False: nobody described it. */
export async function deleteTeam(control: D1Database, tenant: string, name: string): Promise<boolean> {
  const deleted = await drizzle(control)
    .delete(teams)
    .where(and(eq(teams.tenant, tenant), eq(teams.name, name)))
    .returning({ name: teams.name });
  return deleted.length === 1;
}
