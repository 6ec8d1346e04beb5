import { and, asc, between, eq, exists, lte } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { GatewaySecrets } from "../keys/gateway-secrets.ts";
import { appendEntry } from "./append-entry.ts";
import { headAfter, replaceHead } from "./chain-head.ts";
import { isSealed, sealHead, type ChainHead } from "./head-seal.ts";
import { openChanges } from "./intents.ts";
import { auditChains, auditEntries } from "./schema.ts";
import { timeAfter } from "./retention.ts";

/** A change without an end for so long is told as `unknown`. */
export const UNKNOWN_AFTER_MS = 300_000;

const DAY_MS = 86_400_000;
/** What one run does at most, of each kind. */
const CHANGES_MAX = 50;
const CHAINS_MAX = 20;
const CUT_ENTRIES_MAX = 500;

export interface Kept {
  unknown: number;
  deleted: number;
  /** Chains whose head is not ours: nothing is deleted of them, and nothing vouched for. */
  unsealed: string[];
}

/** The cron's part: tells changes that nobody ended, deletes what is too old, seals heads with the newest secret. */
export async function keepAuditLog(control: D1Database, secrets: GatewaySecrets, now: number): Promise<Kept> {
  const kept: Kept = { unknown: 0, deleted: 0, unsealed: [] };
  for (const change of await openChanges(control, now - UNKNOWN_AFTER_MS, CHANGES_MAX)) {
    if (await appendEntry(control, secrets, { change, end: { outcome: "unknown" } }, now)) kept.unknown++;
  }
  const db = drizzle(control);
  const due = lte(auditChains.pruneAt, now);
  for (const head of await db
    .select()
    .from(auditChains)
    .where(due)
    .orderBy(asc(auditChains.pruneAt))
    .limit(CHAINS_MAX)) {
    if (isSealed(head, secrets)) kept.deleted += await cutExpired(control, secrets, head, now);
    else kept.unsealed.push(head.chain);
    if (!isSealed(head, secrets)) await replaceHead(control, head, { ...head, pruneAt: now + DAY_MS });
  }
  const isOld = between(auditChains.keyVersion, 1, secrets.newest.version - 1);
  for (const head of await db.select().from(auditChains).where(isOld).limit(CHAINS_MAX)) {
    if (isSealed(head, secrets)) await replaceHead(control, head, { ...head, ...sealHead(head, secrets) });
    else kept.unsealed.push(head.chain);
    if (!isSealed(head, secrets)) await replaceHead(control, head, { ...head, keyVersion: 0 });
  }
  return kept;
}

/** Deletes the oldest entries that are past their time, some at once, and moves the cut so that the rest still verifies. */
async function cutExpired(control: D1Database, secrets: GatewaySecrets, head: ChainHead, now: number): Promise<number> {
  const db = drizzle(control);
  const keptFor = Number(head.retentionDays) * DAY_MS;
  const oldest = await db
    .select({ seq: auditEntries.seq, hash: auditEntries.hash, at: auditEntries.at })
    .from(auditEntries)
    .where(
      and(
        eq(auditEntries.chain, head.chain),
        between(auditEntries.seq, head.cutSeq + 1, head.cutSeq + CUT_ENTRIES_MAX),
      ),
    )
    .orderBy(asc(auditEntries.seq));
  const stays = head.retentionDays === null ? 0 : oldest.findIndex(({ at }) => at + keptFor > now);
  const last = oldest.at(stays === -1 ? oldest.length - 1 : stays - 1);
  const cut = last && stays !== 0 ? { cutSeq: last.seq, cutHash: last.hash } : {};
  const first = head.retentionDays === null ? null : await timeAfter(control, head.chain, cut.cutSeq ?? head.cutSeq);
  const next = headAfter(head, { ...cut, pruneAt: first === null ? null : first + keptFor }, secrets);
  const isOurs = and(eq(auditChains.chain, head.chain), eq(auditChains.mac, next.mac));
  const ours = exists(db.select({ chain: auditChains.chain }).from(auditChains).where(isOurs));
  const gone = and(eq(auditEntries.chain, head.chain), between(auditEntries.seq, head.cutSeq + 1, next.cutSeq), ours);
  const [written] = await db.batch([replaceHead(control, head, next), db.delete(auditEntries).where(gone)]);
  return written.length === 1 ? next.cutSeq - head.cutSeq : 0;
}
