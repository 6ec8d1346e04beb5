import { beforeAll, beforeEach, expect, test } from "vitest";
import { appendEntry } from "../../../src/audit-log/index.ts";
import { entryHash, FIRST_HASH } from "../../../src/audit-log/entry-hash.ts";
import type { AuditEntry } from "../../../src/audit-log/types.ts";
import { control, migrate, random, secrets } from "./api.ts";
import { begun, run, verified } from "./audit-log.ts";

let chain: string;

beforeAll(migrate);

/** Six entries, in a chain of its own. */
beforeEach(async () => {
  chain = Buffer.from(random(6)).toString("hex");
  for (let n = 1; n <= 6; n++) await append();
  expect(await verified(chain)).toMatchObject({ verified: true, fromSeq: 1, head: { seq: 6 }, broken: null });
});

const append = () =>
  appendEntry(control, secrets, { change: begun(chain), end: { outcome: "done", after: '{"limit":"1"}' } }, Date.now());

const brokenAt = async () => {
  const { verified: is, broken } = await verified(chain);
  return [is, broken?.seq];
};

test("a byte of a row is changed, in any of its columns", async () => {
  const texts = [
    "actor",
    "actor_name",
    "action",
    "target",
    "ip",
    "user_agent",
    "seen_as",
    "who_salt",
    "before",
    "after",
    "outcome",
    "id",
    "hash",
  ];
  for (const column of texts) {
    const set = (to: string) => run(`UPDATE audit_entries SET ${column} = ${to} WHERE chain = ? AND seq = 3`, chain);
    await set(`coalesce(${column}, '') || 'x'`);
    expect([column, ...(await brokenAt())]).toEqual([column, false, 3]);
    await set(column === "before" ? "NULL" : `substr(${column}, 1, length(${column}) - 1)`);
    expect(await brokenAt()).toEqual([true, undefined]);
  }
  for (const column of ["at", "begun_at"]) {
    const add = (ms: number) =>
      run(`UPDATE audit_entries SET ${column} = ${column} + ? WHERE chain = ? AND seq = 6`, ms, chain);
    await add(1);
    expect([column, ...(await brokenAt())]).toEqual([column, false, 6]);
    await add(-1);
  }
  expect(await brokenAt()).toEqual([true, undefined]);
});

test("a row in the middle is deleted, or the first, or the last", async () => {
  await run("DELETE FROM audit_entries WHERE chain = ? AND seq = 6", chain);
  expect(await brokenAt()).toEqual([false, 6]);
  await run("DELETE FROM audit_entries WHERE chain = ? AND seq = 3", chain);
  expect(await brokenAt()).toEqual([false, 3]);
  await run("DELETE FROM audit_entries WHERE chain = ? AND seq = 1", chain);
  expect(await brokenAt()).toEqual([false, 1]);
});

test("two rows change places", async () => {
  for (const [from, to] of [
    [2, 99],
    [4, 2],
    [99, 4],
  ]) {
    await run("UPDATE audit_entries SET seq = ? WHERE chain = ? AND seq = ?", to, chain, from);
  }
  expect(await brokenAt()).toEqual([false, 2]);
});

test("the end is cut off, with the head put back to it", async () => {
  await run("DELETE FROM audit_entries WHERE chain = ? AND seq > 4", chain);
  expect(await brokenAt()).toEqual([false, 5]);
  const last = "(SELECT hash FROM audit_entries e WHERE e.chain = audit_chains.chain AND e.seq = 4)";
  await run(`UPDATE audit_chains SET seq = 4, hash = ${last} WHERE chain = ?`, chain);
  expect(await brokenAt()).toEqual([false, 4]);
});

test("the head alone is put back to an earlier one with its seal", async () => {
  const old = await control
    .prepare("SELECT * FROM audit_chains WHERE chain = ?")
    .bind(chain)
    .first<Record<string, unknown>>();
  await append();
  await run(
    "UPDATE audit_chains SET seq = 6, hash = ?, at = ?, mac = ? WHERE chain = ?",
    old?.["hash"],
    old?.["at"],
    old?.["mac"],
    chain,
  );
  expect(await brokenAt()).toEqual([false, 7]);
});

test("everything from one row on is written anew: the head has another hash, or no seal", async () => {
  const { results } = await control
    .prepare(`SELECT chain, seq, at, begun_at AS begunAt, id, actor, actor_name AS actorName, action, target, ip,
      user_agent AS userAgent, seen_as AS seenAs, who_salt AS whoSalt, before, after, outcome, hash FROM audit_entries WHERE chain = ? ORDER BY seq`)
    .bind(chain)
    .all<AuditEntry>();
  let hash = results[1]?.hash ?? FIRST_HASH;
  for (const entry of results.slice(2)) {
    const forged = { ...entry, actorName: "somebody else" };
    hash = entryHash(hash, forged);
    const where = "WHERE chain = ? AND seq = ?";
    await run(`UPDATE audit_entries SET actor_name = ?, hash = ? ${where}`, forged.actorName, hash, chain, entry.seq);
  }
  expect(await brokenAt()).toEqual([false, 6]);
  await run("UPDATE audit_chains SET hash = ? WHERE chain = ?", hash, chain);
  expect(await brokenAt()).toEqual([false, 6]);
  // The gateway goes on, and does not vouch for what it found.
  await append();
  expect(await brokenAt()).toEqual([false, 7]);
});

test("the head is deleted", async () => {
  await run("DELETE FROM audit_chains WHERE chain = ?", chain);
  expect(await brokenAt()).toEqual([false, 1]);
});

test("the retention is changed behind the gateway's back", async () => {
  await run("UPDATE audit_chains SET retention_days = 30 WHERE chain = ?", chain);
  expect(await brokenAt()).toEqual([false, 6]);
});
