/**
 * Months (YYYY-MM) of the tenant's calendar in which live jobs ended or people moved its credit, the newest first, below `before`. Each
 * is found by one step down two indexes, whatever the month has in it.
 */
export async function chargedMonths(
  db: D1Database,
  { tenant, before, limit }: { tenant: string; before: string; limit: number },
): Promise<string[]> {
  const { results } = await db.prepare(READ).bind(tenant, before, limit).all<{ month: string }>();
  return results.map(({ month }) => month);
}

const NEWEST = (below: string) => `
  (SELECT substr(max(day), 1, 7) FROM (
    SELECT max(local_day) AS day FROM usage_days WHERE tenant = ?1 AND mode = 'live' AND local_day < ${below}
    UNION ALL
    SELECT max(local_day) FROM credit_movements WHERE tenant = ?1 AND local_day < ${below}))`;

const READ = `
  WITH RECURSIVE months(month) AS (
    SELECT ${NEWEST("?2")}
    UNION ALL
    SELECT ${NEWEST("months.month")} FROM months WHERE months.month IS NOT NULL
  )
  SELECT month FROM months WHERE month IS NOT NULL LIMIT ?3`;
