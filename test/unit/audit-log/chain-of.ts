import { entryHash, FIRST_HASH } from "../../../src/audit-log/entry-hash.ts";
import type { AuditEntry } from "../../../src/audit-log/types.ts";

/** A right chain of so many entries: the first from before there was a salt, each third one by an operator. */
export function chainOf(length: number): AuditEntry[] {
  const entries: AuditEntry[] = [];
  for (let seq = 1; seq <= length; seq++) {
    const facts = {
      chain: "5f3a9c0b17de",
      seq,
      at: seq * 1_000,
      begunAt: seq * 1_000 - 5,
      id: seq.toString(16).padStart(16, "0"),
      actor: seq % 3 === 0 ? "operator:00000000000000aa" : "person:9b1c22f04ad85e67",
      actorName: `Person ${seq} é`,
      action: "PUT /tenants/{tenant}/budgets/{budget_id}",
      target: "/v1/tenants/5f3a9c0b17de/budgets/month",
      ip: "198.51.100.7",
      userAgent: `=HYPERLINK("x"),'`,
      seenAs: seq % 3 === 0 ? "operator" : "person:9b1c22f04ad85e67",
      whoSalt: seq === 1 ? null : seq.toString(16).padStart(32, "0"),
      before: seq === 1 ? null : '{"limit":"1.000000"}',
      after: '{"limit":"2.000000"}',
      outcome: "done" as const,
    };
    entries.push({ ...facts, hash: entryHash(entries.at(-1)?.hash ?? FIRST_HASH, facts) });
  }
  return entries;
}
