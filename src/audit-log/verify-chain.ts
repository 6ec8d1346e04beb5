import { and, asc, eq, gt } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { GatewaySecrets } from "../keys/gateway-secrets.ts";
import { firstFacts } from "./chain-head.ts";
import { checkRun, type Break, type Link } from "./check-run.ts";
import { isSealed, type ChainHead } from "./head-seal.ts";
import { auditChains, auditEntries } from "./schema.ts";

/** Entries that one call checks at most. */
const VERIFY_ENTRIES_MAX = 500;

export interface Verification {
  /** null: all right so far, and there is more. */
  verified: boolean | null;
  /** The first entry that was checked, by this walk's first call. */
  fromSeq: number;
  /** The last one so far. */
  last: Link;
  head: Link;
  broken: Break | null;
}

/** Where a walk is. */
export interface Walked extends Link {
  fromSeq: number;
}

/**
 * Checks the next entries of a chain: each by its hash, the last by the head, the head by its seal, and an entry that
 * somebody noted elsewhere by the note.
 */
export async function verifyChain(
  control: D1Database,
  secrets: GatewaySecrets,
  { chain, walked, noted }: { chain: string; walked: Walked | null; noted: Link | null },
): Promise<Verification> {
  const db = drizzle(control);
  const from = walked?.seq ?? 0;
  // One batch is one transaction: what is appended meanwhile is in both answers, or in none.
  const [heads, entries] = await db.batch([
    db.select().from(auditChains).where(eq(auditChains.chain, chain)).limit(1),
    db
      .select()
      .from(auditEntries)
      .where(and(eq(auditEntries.chain, chain), gt(auditEntries.seq, from)))
      .orderBy(asc(auditEntries.seq))
      .limit(VERIFY_ENTRIES_MAX),
  ]);
  const head = heads[0] ?? nothing(chain);
  const cut = { seq: head.cutSeq, hash: head.cutHash, fromSeq: head.cutSeq + 1 };
  const start = walked !== null && walked.seq >= head.cutSeq ? walked : cut;
  const run = entries.filter(({ seq }) => seq > start.seq);
  const last = run.at(-1) ?? start;
  const isEnd = entries.length < VERIFY_ENTRIES_MAX;
  const broken =
    checkRun(start, run) ??
    (await checkNote(control, head, noted)) ??
    (isEnd || last.seq > head.seq ? checkHead(last, head, heads.length === 1, secrets) : null);
  return {
    verified: broken ? false : isEnd ? true : null,
    fromSeq: start.fromSeq,
    last: { seq: last.seq, hash: last.hash },
    head: { seq: head.seq, hash: head.hash },
    broken,
  };
}

/** Of a chain that has not begun. */
const nothing = (chain: string): ChainHead => ({ ...firstFacts(chain), pruneAt: null, keyVersion: 0, mac: "" });

function checkHead(last: Link, head: ChainHead, isThere: boolean, secrets: GatewaySecrets): Break | null {
  if (last.seq > head.seq) return { seq: head.seq + 1, reason: "the head of the chain does not know this entry" };
  if (last.seq < head.seq) return { seq: last.seq + 1, reason: "this entry is missing" };
  if (last.hash !== head.hash)
    return { seq: last.seq, reason: "the head of the chain has another hash for this entry" };
  if (isThere && !isSealed(head, secrets))
    return { seq: head.seq, reason: "the head of the chain is not sealed by this gateway" };
  return null;
}

/** What left by age cannot be compared any more. */
async function checkNote(control: D1Database, head: ChainHead, noted: Link | null): Promise<Break | null> {
  if (noted === null || noted.seq < head.cutSeq) return null;
  const hash = noted.seq === head.cutSeq ? head.cutHash : await hashOf(control, head.chain, noted.seq);
  return hash === noted.hash ? null : { seq: noted.seq, reason: "this entry is not the one that was noted" };
}

async function hashOf(control: D1Database, chain: string, seq: number): Promise<string | null> {
  const [row] = await drizzle(control)
    .select({ hash: auditEntries.hash })
    .from(auditEntries)
    .where(and(eq(auditEntries.chain, chain), eq(auditEntries.seq, seq)))
    .limit(1);
  return row?.hash ?? null;
}
