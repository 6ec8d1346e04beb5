import { and, asc, desc, eq, lt, or, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { hourOf, REFUSAL_ROWS_MAX, REFUSAL_TRIES_MAX, REFUSALS_KEPT_MS, type SignInWay } from "./refusal-rules.ts";
import { refusedSignIns } from "./schema.ts";

export type RefusedSignIns = typeof refusedSignIns.$inferSelect;

/** Counts a refused try to come in. However many come from however many addresses, an hour has few rows. */
export async function countRefusal(
  control: D1Database,
  { source, way, reason }: { source: string; way: SignInWay; reason: string },
  now: number,
): Promise<void> {
  const hour = hourOf(now);
  await control.batch([
    control.prepare("DELETE FROM refused_sign_ins WHERE hour < ?1").bind(hour - REFUSALS_KEPT_MS),
    control.prepare(COUNT).bind(hour, source, way, reason, now),
  ]);
}

const COUNT = `INSERT INTO refused_sign_ins (hour, source, way, reason, tries, last_at)
  SELECT ?1, CASE WHEN EXISTS (SELECT 1 FROM refused_sign_ins WHERE hour = ?1 AND source = ?2 AND way = ?3 AND reason = ?4)
    OR (SELECT count(*) FROM refused_sign_ins WHERE hour = ?1) < ${REFUSAL_ROWS_MAX} THEN ?2 ELSE '' END, ?3, ?4, 1, ?5 WHERE 1
  ON CONFLICT (hour, source, way, reason) DO UPDATE SET tries = tries + 1, last_at = excluded.last_at
    WHERE tries < ${REFUSAL_TRIES_MAX}`;

/** A place in the list, which goes on behind it. */
export type RefusalPlace = Pick<RefusedSignIns, "hour" | "source" | "way" | "reason">;

/** The last hour first, in it by address. `after` null: from the beginning. */
export async function listRefusals(
  control: D1Database,
  { after, limit }: { after: RefusalPlace | null; limit: number },
): Promise<RefusedSignIns[]> {
  const { hour, source, way, reason } = refusedSignIns;
  const behind = (place: RefusalPlace) => {
    const inHour = sql`(${source}, ${way}, ${reason}) > (${place.source}, ${place.way}, ${place.reason})`;
    return or(lt(hour, place.hour), and(eq(hour, place.hour), inHour));
  };
  const rows = drizzle(control).select().from(refusedSignIns);
  const rest = rows.where(after === null ? undefined : behind(after));
  return rest.orderBy(desc(hour), asc(source), asc(way), asc(reason)).limit(limit);
}
