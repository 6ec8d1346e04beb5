import { and, eq, gt, inArray, lte } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { requests } from "./schema.ts";

/** How long a repeated Idempotency-Key finds its first reply. */
export const REQUESTS_KEPT_MS = 48 * 3_600_000;

/** Old rows that one new one clears away. */
const SWEPT_ROWS_MAX = 100;

/** What an Idempotency-Key did, to be written in the batch that does it. `reply`: JSON. */
export type KeptRequest = typeof requests.$inferInsert;

/** What this Idempotency-Key did before, unless that is too long ago. */
export async function findRequest(control: D1Database, scope: string, now: number): Promise<KeptRequest | null> {
  const [row] = await drizzle(control)
    .select()
    .from(requests)
    .where(and(eq(requests.scope, scope), gt(requests.createdAt, now - REQUESTS_KEPT_MS)))
    .limit(1);
  return row ?? null;
}

/**
 * Statements of a batch that keep a request. The batch fails as a whole, and so does nothing, where the same
 * Idempotency-Key was kept meanwhile.
 */
export function keepRequest(control: D1Database, request: KeptRequest) {
  const db = drizzle(control);
  const old = lte(requests.createdAt, request.createdAt - REQUESTS_KEPT_MS);
  const swept = db.select({ scope: requests.scope }).from(requests).where(old).limit(SWEPT_ROWS_MAX);
  return [
    db.delete(requests).where(and(eq(requests.scope, request.scope), old)),
    db.delete(requests).where(inArray(requests.scope, swept)),
    db.insert(requests).values(request),
  ] as const;
}
