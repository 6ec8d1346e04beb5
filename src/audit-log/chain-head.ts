import { and, eq, type SQL } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { GatewaySecrets } from "../keys/gateway-secrets.ts";
import { FIRST_HASH } from "./entry-hash.ts";
import { sealAfter, sealHead, type ChainHead, type HeadFacts } from "./head-seal.ts";
import { auditChains } from "./schema.ts";

/** A change of a head is tried so often before it gives up: each time another writer was first. */
export const HEAD_TRIES_MAX = 200;

/** Where a chain stands; null: it has not begun. */
export async function readHead(control: D1Database, chain: string): Promise<ChainHead | null> {
  const [row] = await drizzle(control).select().from(auditChains).where(eq(auditChains.chain, chain)).limit(1);
  return row ?? null;
}

/** Where a chain stands. One that has not begun begins. */
export async function openHead(control: D1Database, chain: string, secrets: GatewaySecrets): Promise<ChainHead> {
  const known = await readHead(control, chain);
  if (known) return known;
  const facts = firstFacts(chain);
  const begun = { ...facts, pruneAt: null, ...sealHead(facts, secrets) };
  await drizzle(control).insert(auditChains).values(begun).onConflictDoNothing();
  return begun;
}

/** What a chain begins with. */
export const firstFacts = (chain: string): HeadFacts => ({
  chain,
  seq: 0,
  hash: FIRST_HASH,
  at: 0,
  cutSeq: 0,
  cutHash: FIRST_HASH,
  retentionDays: null,
});

/** The same head with other facts, sealed if it was. */
export function headAfter(
  head: ChainHead,
  change: Partial<HeadFacts> & { pruneAt?: number | null },
  secrets: GatewaySecrets,
): ChainHead {
  const next = { ...head, ...change };
  return { ...next, ...sealAfter(head, next, secrets) };
}

/**
 * Writes a head if nobody did since `from` was read, and if `also` holds. The statement answers one row if it was written.
 */
export function replaceHead(control: D1Database, from: ChainHead, to: ChainHead, also?: SQL) {
  const { chain, ...change } = to;
  return drizzle(control)
    .update(auditChains)
    .set(change)
    .where(and(eq(auditChains.chain, chain), eq(auditChains.mac, from.mac), also))
    .returning({ chain: auditChains.chain });
}
