import { and, desc, eq, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { alerts } from "./schema.ts";

export type RaisedAlert = typeof alerts.$inferSelect;

/** A place in the list: it goes on with what was last raised before this, or then with a smaller id. */
export interface AlertPlace {
  lastAt: number;
  id: string;
}

/** Alerts, the one that was raised last first. `after` null: from the beginning. */
export async function listAlerts(
  control: D1Database,
  { after, limit }: { after: AlertPlace | null; limit: number },
): Promise<RaisedAlert[]> {
  return drizzle(control)
    .select()
    .from(alerts)
    .where(after ? sql`(${alerts.lastAt}, ${alerts.id}) < (${after.lastAt}, ${after.id})` : undefined)
    .orderBy(desc(alerts.lastAt), desc(alerts.id))
    .limit(limit);
}

/**
 * Somebody has seen to it: the next of the same kind and subject is a new one. `count`: how often it was raised when it
 * was seen; if it was raised since, it stays. False: it is not there, or was raised again.
 */
export async function removeAlert(control: D1Database, id: string, count: number | null): Promise<boolean> {
  const seen = count === null ? undefined : eq(alerts.count, count);
  const removed = await drizzle(control)
    .delete(alerts)
    .where(and(eq(alerts.id, id), seen))
    .returning({ id: alerts.id });
  return removed.length > 0;
}
