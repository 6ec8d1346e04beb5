/**
 * Notes that these jobs are deleted, so that lists need not ask their trackers again to find that out. Those that D1
 * has not heard of stay as they are: the next list that meets them notes it then.
 */
export async function hideJobs(db: D1Database, tenant: string, ids: readonly string[], now: number): Promise<void> {
  if (ids.length === 0) return;
  await db
    .prepare(
      `UPDATE jobs SET deleted_at = ?2 WHERE tenant = ?1 AND deleted_at IS NULL
         AND id IN (SELECT value FROM json_each(?3))`,
    )
    .bind(tenant, now, JSON.stringify(ids))
    .run();
}
