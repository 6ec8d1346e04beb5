import { asc, eq, lt } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { auditIntents } from "./schema.ts";
import type { BegunChange } from "./types.ts";

/** Writes down that a change is about to be made. */
export async function beginChange(control: D1Database, change: BegunChange): Promise<void> {
  const row = { id: change.id, at: change.begunAt, change: JSON.stringify(change) };
  await drizzle(control).insert(auditIntents).values(row);
}

/** The change was refused, or had been made before: there is nothing to tell. */
export async function dropChange(control: D1Database, id: string): Promise<void> {
  await drizzle(control).delete(auditIntents).where(eq(auditIntents.id, id));
}

/** Changes that were begun before this time and have no entry yet, the oldest first. */
export async function openChanges(control: D1Database, before: number, limit: number): Promise<BegunChange[]> {
  const rows = await drizzle(control)
    .select({ change: auditIntents.change })
    .from(auditIntents)
    .where(lt(auditIntents.at, before))
    .orderBy(asc(auditIntents.at))
    .limit(limit);
  return rows.map(({ change }) => ({ ...FROM_BEFORE, ...(JSON.parse(change) as Older) }));
}

/** What a change lacks that was begun before operators were hidden: its tenant's people see an operator. */
const FROM_BEFORE = { seenAs: "", whoSalt: null };
type Older = Omit<BegunChange, keyof typeof FROM_BEFORE>;
