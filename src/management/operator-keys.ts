import { timingSafeEqual } from "node:crypto";
import { findManagementKey, type ManagementKey } from "../settings/index.ts";

/** A revoked key works this long at most in an isolate that used it just before. */
export const OPERATOR_KEY_CACHE_MS_MAX = 10_000;
const CACHED_KEYS_MAX = 1_000;

type CachedKey = Pick<ManagementKey, "hash" | "revokedAt"> & { readAt: number };

/** Keyed by the database, so that two gateways in one isolate never mix. */
const caches = new WeakMap<D1Database, Map<string, CachedKey>>();

/**
 * Whether an operator's key (genuine by its MAC) is one that was issued, and not revoked. A key that
 * D1 does not know is asked for again each time: it may have been written a moment ago.
 */
export async function checkOperatorKey(
  control: D1Database,
  key: { id: string; hash: string },
  now: number,
): Promise<"valid" | "unknown" | "revoked"> {
  const known = await readKey(control, key.id, now);
  if (!known || !sameHash(known.hash, key.hash)) return "unknown";
  return known.revokedAt === null ? "valid" : "revoked";
}

/** Makes this isolate ask D1 again; other isolates follow within 10 s. */
export function forgetOperatorKey(control: D1Database, id: string): void {
  caches.get(control)?.delete(id);
}

async function readKey(control: D1Database, id: string, now: number): Promise<CachedKey | null> {
  const cache = caches.get(control) ?? new Map<string, CachedKey>();
  caches.set(control, cache);
  const cached = cache.get(id);
  if (cached && now - cached.readAt < OPERATOR_KEY_CACHE_MS_MAX) return cached;
  cache.delete(id);
  const row = await findManagementKey(control, id);
  if (!row) return null;
  const read = { hash: row.hash, revokedAt: row.revokedAt, readAt: now };
  if (cache.size >= CACHED_KEYS_MAX) cache.clear();
  cache.set(id, read);
  return read;
}

const sameHash = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
