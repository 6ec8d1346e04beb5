import { and, eq, exists, getTableColumns, sql, type SQL } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { GatewaySecrets } from "../keys/gateway-secrets.ts";
import { headAfter, HEAD_TRIES_MAX, openHead, replaceHead } from "./chain-head.ts";
import { entryHash } from "./entry-hash.ts";
import type { ChainHead } from "./head-seal.ts";
import { auditChains, auditEntries, auditIntents } from "./schema.ts";
import type { AuditEntry, BegunChange } from "./types.ts";

const DAY_MS = 86_400_000;

/** What came of a change. `unknown`: told only while its intent stands, so that it is told once. */
export type ChangeEnd = { outcome: "done"; after: string | null } | { outcome: "unknown" };

/**
 * Appends the entry of a change to its chain and takes its intent away, in one batch. Another writer may be first: then
 * it is tried again after that one's entry. Answers the entry; null: somebody else had told this change.
 */
export async function appendEntry(
  control: D1Database,
  secrets: GatewaySecrets,
  { change, end }: { change: BegunChange; end: ChangeEnd },
  now: number,
): Promise<AuditEntry | null> {
  for (let tries = 0; tries < HEAD_TRIES_MAX; tries++) {
    const head = await openHead(control, change.chain, secrets);
    const entry = entryAfter(head, change, end, now);
    const [, written] = await writeEntry(control, head, entry, secrets);
    if (written.length === 1) return entry;
    if (end.outcome === "unknown" && !(await stands(control, change.id))) return null;
  }
  throw new Error("an audit entry found no end of its chain");
}

function entryAfter(head: ChainHead, change: BegunChange, end: ChangeEnd, now: number): AuditEntry {
  const after = end.outcome === "done" ? end.after : null;
  const facts = { ...change, seq: head.seq + 1, at: Math.max(now, head.at), after, outcome: end.outcome };
  return { ...facts, hash: entryHash(head.hash, facts) };
}

/**
 * D1 runs a batch as one transaction: both writes look whether the head is as it was read. Two crons may make the very same
 * entry, so that its seal alone would not say whose it is.
 */
function writeEntry(control: D1Database, head: ChainHead, entry: AuditEntry, secrets: GatewaySecrets) {
  const db = drizzle(control);
  const isOldest = head.seq === head.cutSeq && head.retentionDays !== null;
  const pruneAt = isOldest ? entry.at + Number(head.retentionDays) * DAY_MS : head.pruneAt;
  const { seq, hash, at } = entry;
  const next = headAfter(head, { seq, hash, at, pruneAt }, secrets);
  const headIs = (mac: string) => {
    const isThis = and(eq(auditChains.chain, head.chain), eq(auditChains.mac, mac));
    return exists(db.select({ chain: auditChains.chain }).from(auditChains).where(isThis));
  };
  const intent = db.select({ id: auditIntents.id }).from(auditIntents).where(eq(auditIntents.id, entry.id));
  const mayTell = entry.outcome === "unknown" ? exists(intent) : undefined;
  return db.batch([
    db.insert(auditEntries).select(rowIf(entry, and(headIs(head.mac), mayTell) ?? headIs(head.mac))),
    replaceHead(control, head, next, mayTell),
    db.delete(auditIntents).where(and(eq(auditIntents.id, entry.id), headIs(next.mac))),
  ]);
}

const FIELDS = Object.keys(getTableColumns(auditEntries)) as (keyof AuditEntry)[];

/** The entry as a select's one row, in the order of the schema, if a condition holds. */
const rowIf = (entry: AuditEntry, condition: SQL): SQL =>
  sql`select ${sql.join(
    FIELDS.map((field) => sql`${entry[field]}`),
    sql`, `,
  )} where ${condition}`;

async function stands(control: D1Database, id: string): Promise<boolean> {
  const row = await drizzle(control)
    .select({ id: auditIntents.id })
    .from(auditIntents)
    .where(eq(auditIntents.id, id))
    .limit(1);
  return row.length === 1;
}
