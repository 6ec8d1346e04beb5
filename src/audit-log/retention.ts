import { and, asc, eq, gt } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { GatewaySecrets } from "../keys/gateway-secrets.ts";
import { headAfter, HEAD_TRIES_MAX, openHead, replaceHead } from "./chain-head.ts";
import { auditEntries } from "./schema.ts";

const DAY_MS = 86_400_000;

/** For how many days the entries of a chain are kept; null: for ever. The cron deletes what is older. */
export async function setRetention(
  control: D1Database,
  secrets: GatewaySecrets,
  { chain, days }: { chain: string; days: number | null },
): Promise<void> {
  for (let tries = 0; tries < HEAD_TRIES_MAX; tries++) {
    const head = await openHead(control, chain, secrets);
    const oldest = days === null ? null : await timeAfter(control, chain, head.cutSeq);
    const pruneAt = oldest === null ? null : oldest + Number(days) * DAY_MS;
    const next = headAfter(head, { retentionDays: days, pruneAt }, secrets);
    if ((await replaceHead(control, head, next)).length === 1) return;
  }
  throw new Error("an audit chain's retention could not be written");
}

/** When the first entry after this one was appended; null: there is none. */
export async function timeAfter(control: D1Database, chain: string, seq: number): Promise<number | null> {
  const [row] = await drizzle(control)
    .select({ at: auditEntries.at })
    .from(auditEntries)
    .where(and(eq(auditEntries.chain, chain), gt(auditEntries.seq, seq)))
    .orderBy(asc(auditEntries.seq))
    .limit(1);
  return row?.at ?? null;
}
