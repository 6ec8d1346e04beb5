import { runInDurableObject } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { parseGatewaySecrets, type GatewaySecrets } from "../../../src/keys/gateway-secrets.ts";
import { auditLedger } from "../../../src/ledger/audit/audit-ledger.ts";
import { AuditDesk } from "../../../src/ledger/audit/audit-desk.ts";
import { auditOf } from "../../support/audit-of.ts";
import { testEnv } from "../../support/test-env.ts";
import * as life from "./long-life.ts";
import { PRICE, request } from "./tenant.ts";

describe("an audit in slices", () => {
  test("verifies to the head of its beginning or beyond, with admissions between any two steps", async () => {
    const tenant = await life.tenantWith(5, 25);
    let step = await tenant.ledger.auditStep(null);
    let steps = 1;
    for (; step.state === "running"; steps++) {
      expect(step.targetSeq).toBe(35);
      expect(await tenant.ledger.reserve(request(tenant.caller))).toMatchObject({ ok: true });
      expect(await life.capture(tenant.ledger, tenant.jobs.pop() ?? "")).toBe("settled");
      step = await tenant.ledger.auditStep(step.run);
    }
    expect(steps).toBeGreaterThan(8);
    const entries = 35 + 2 * (steps - 1);
    expect(step).toMatchObject({
      state: "done",
      report: { consistent: true, differences: [], fromSeq: 1, verifiedToSeq: entries, entries },
    });
  });

  test("begins again after an eviction, and goes on as a job if that happens again and again", async () => {
    const tenant = await life.tenantWith(10);
    const lost = await tenant.ledger.auditStep(null);
    expect(lost).toMatchObject({ state: "running" });
    await life.evict(tenant.id);
    expect(await tenant.ledger.auditStep(lost.state === "running" ? lost.run : null)).toEqual({ state: "lost" });
    expect(await auditOf(tenant.ledger)).toMatchObject({ consistent: true, entries: 20 });
    const evicted = {
      auditStep: async () => ({ state: "lost" }) as const,
      beginAudit: (input: { full: boolean }) => tenant.ledger.beginAudit(input),
    };
    expect(await auditLedger(evicted)).toMatchObject({ state: "job", job: { full: false, status: "running" } });
  });

  test("an audit whose checkpoint another one moved begins again", async () => {
    const tenant = await life.tenantWith(19, 1);
    const slow = await tenant.ledger.auditStep(null);
    await life.held(tenant, 1);
    expect(await auditOf(tenant.ledger)).toMatchObject({ consistent: true, checkpoint: { seq: 40 } });
    expect(await tenant.ledger.auditStep(slow.state === "running" ? slow.run : null)).toEqual({ state: "lost" });
  });

  test("finds what was changed between two of its steps", async () => {
    const tenant = await life.tenantWith(15, 2);
    const step = await tenant.ledger.auditStep(null);
    await life.sql(tenant.id, "UPDATE budget_counters SET captured_micros = captured_micros - 1");
    const report = await finish(tenant.ledger, step);
    expect(report).toMatchObject({ consistent: false });
  });
});

async function finish(
  ledger: Parameters<typeof auditOf>[0],
  first: Awaited<ReturnType<typeof ledger.auditStep>>,
): Promise<unknown> {
  let step = first;
  while (step.state === "running") step = await ledger.auditStep(step.run);
  return step.state === "done" ? step.report : step;
}

describe("a checkpoint", () => {
  test("is written once enough entries came, and the next audit reads only what came after", async () => {
    const tenant = await life.tenantWith(18, 3);
    expect(await auditOf(tenant.ledger)).toMatchObject({ entries: 39, checkpoint: null });
    await life.held(tenant, 1);
    expect(await auditOf(tenant.ledger)).toMatchObject({ fromSeq: 1, entries: 40, checkpoint: { seq: 40 } });
    await life.captured(tenant, 2);
    await life.capture(tenant.ledger, tenant.jobs.at(-1) ?? "");
    expect(await auditOf(tenant.ledger)).toMatchObject({
      consistent: true,
      fromSeq: 41,
      verifiedToSeq: 45,
      entries: 5,
      checkpoint: { seq: 40 },
      capturedMicros: 21 * PRICE,
      heldMicros: 3 * PRICE,
      openHolds: 3,
    });
  });

  test("is made by the ledger's own alarm, step by step, also after an eviction in the middle", async () => {
    const tenant = await life.tenantWith(22, 2);
    for (let step = 0; step < 2; step++) await life.ring(tenant.id);
    expect(await life.checkpointSeq(tenant.id)).toBe(0);
    await life.evict(tenant.id);
    await life.ringUntil(tenant.id, async () => (await life.checkpointSeq(tenant.id)) === 46);
    expect(await auditOf(tenant.ledger)).toMatchObject({ consistent: true, entries: 0, fromSeq: 47 });
  });

  test("is not made of books that do not agree: an alert is raised, and the alarm comes back later", async () => {
    const tenant = await life.tenantWith(22);
    await life.sql(tenant.id, "UPDATE budget_counters SET captured_micros = captured_micros + 1");
    await life.ringUntil(tenant.id, async () => (await life.sql(tenant.id, "SELECT * FROM upkeep")).length === 1);
    expect(await life.checkpointSeq(tenant.id)).toBe(0);
    const [failure] = await life.sql(tenant.id, "SELECT * FROM upkeep");
    expect(failure).toMatchObject({ task: "checkpoint", attempts: 1 });
    expect(String(failure?.["message"])).toContain("budget whole");
  });

  const CHANGES = [
    ["its signature", "UPDATE checkpoints SET signature = replace(signature, substr(signature, 1, 1), 'x')"],
    ["its totals", `UPDATE checkpoints SET totals = replace(totals, '"openHolds":2', '"openHolds":3')`],
    ["its hash", "UPDATE checkpoints SET hash = replace(hash, substr(hash, 1, 1), 'x')"],
    ["its number", "UPDATE checkpoints SET seq = seq - 1"],
    ["its secret's version", "UPDATE checkpoints SET secret_version = 9"],
    ["itself", "DELETE FROM checkpoints"],
    [
      "spend, then and now",
      "UPDATE spend SET captured_micros = captured_micros + 1, checkpoint_micros = checkpoint_micros + 1",
    ],
    ["a row of spend", "DELETE FROM spend"],
    ["spend before it", "UPDATE spend SET captured_micros = captured_micros + 1"],
    [
      "a tag's spend, then and now",
      "UPDATE tag_spend SET captured_micros = captured_micros + 1, checkpoint_micros = checkpoint_micros + 1 WHERE value = '2'",
    ],
    ["a tag's row", "DELETE FROM tag_spend WHERE value = '1'"],
    ["a tag's spend before it", "UPDATE tag_spend SET captured_micros = captured_micros + 1 WHERE value = '2'"],
    ["a tag's value", "UPDATE tag_spend SET value = '9' WHERE value = '2'"],
    ["a tag's quarter", "UPDATE tag_spend SET bucket = bucket - 1"],
    [
      "spend of nobody",
      "INSERT INTO spend SELECT '', bucket, team, key_id, model, captured_micros, checkpoint_micros FROM spend",
    ],
    ["tags of nobody", "INSERT INTO tag_spend SELECT '', name, value, bucket, captured_micros, 1 FROM tag_spend"],
    ["a hold from before it", "DELETE FROM open_holds"],
    ["the holds that it knows", "DELETE FROM checkpoint_holds"],
    ["their amount", "UPDATE checkpoint_holds SET facts = replace(facts, '1300000', '1300001')"],
    ["the last entry before it", "DELETE FROM journal WHERE seq = (SELECT MAX(seq) FROM journal)"],
  ] as const;
  test.each(CHANGES)("a change of %s after it is found", async (_what, change) => {
    const tenant = await life.checkpointed(20, 2);
    expect(await auditOf(tenant.ledger)).toMatchObject({ consistent: true });
    await life.sql(tenant.id, change);
    expect(await auditOf(tenant.ledger)).toMatchObject({ consistent: false });
  });

  test("is signed anew under a newer secret, and is not trusted once its own is gone", async () => {
    const tenant = await life.checkpointed(20, 2);
    const newest = { version: 2, secret: "cd".repeat(32) };
    const previous = parseGatewaySecrets(testEnv.WAVEGATE_SECRET).newest;
    const auditUnder = (secrets: GatewaySecrets) =>
      runInDurableObject(life.stubOf(tenant.id), (_instance, state) => {
        const scope = { tenant: tenant.id, secrets, rowsMax: 1_000, checkpointEntries: life.CHECKPOINT_ENTRIES };
        const desk = new AuditDesk(state.storage, { written: null });
        let step = desk.step(null, scope);
        while (step.state === "running") step = desk.step(step.run, scope);
        return step;
      });
    const gone = await auditUnder({ newest, previous: null });
    expect(gone).toMatchObject({ report: { differences: [expect.stringContaining("not configured")] } });
    const before = await life.sql(tenant.id, "SELECT seq, entries, secret_version FROM checkpoints");
    expect(before).toEqual([{ seq: 42, entries: 42, secret_version: 1 }]);
    expect(await auditUnder({ newest, previous })).toMatchObject({ report: { consistent: true, entries: 0 } });
    const after = await life.sql(tenant.id, "SELECT seq, entries, secret_version FROM checkpoints");
    expect(after).toEqual([{ seq: 42, entries: 42, secret_version: 2 }]);
    expect(await auditUnder({ newest, previous: null })).toMatchObject({ report: { consistent: true } });
  });
});

describe("every kind of tampering since the checkpoint is found, and named", () => {
  const CHANGES = [
    ["UPDATE journal SET body = replace(body, '1300000', '1300001') WHERE seq = 44", /entry 44 breaks the hash chain/],
    ["UPDATE journal SET hash = 'x' WHERE seq = 44", /entry 44 breaks the hash chain/],
    ["UPDATE journal SET body = 'no json' WHERE seq = 44", /entry 44 cannot be read/],
    [
      'UPDATE journal SET body = \'{"kind":"future"}\' WHERE seq = 44',
      /kind that this version does not know: "future"/,
    ],
    ["DELETE FROM journal WHERE seq = 44", /entry 44 is missing/],
    ["DELETE FROM journal WHERE seq IN (43, 44)", /entries 43 to 44 are missing/],
    ["DELETE FROM journal WHERE seq > 46", /job [0-9a-f]{32}: hold row without|no hold row|in use/],
    ["DELETE FROM open_holds WHERE hold_seq > 42", /open in the journal, no hold row/],
    ["UPDATE open_holds SET price_micros = price_micros + 1 WHERE hold_seq > 42", /hold row has another amount/],
    ["UPDATE open_holds SET facts = replace(facts, 'shot', 'shoe') WHERE hold_seq > 42", /hold row has other facts/],
    [
      "INSERT INTO open_holds SELECT 'x' || substr(job_id, 2), hold_seq, shard, price_micros, facts, NULL, 0, 0, admitted_at FROM open_holds",
      /hold row without an open journal entry/,
    ],
    ["UPDATE budget_counters SET held_micros = held_micros + 1", /budget whole \(total\): held/],
    ["UPDATE budget_counters SET held_jobs = held_jobs + 1", /another number of held jobs/],
    ["UPDATE budget_counters SET captured_micros = captured_micros - 1", /budget whole \(total\): captured/],
    ["DELETE FROM budget_counters", /budget whole \(total\)/],
    ["UPDATE spend SET captured_micros = captured_micros + 1", /spend .* since the checkpoint in use/],
    [
      "UPDATE tag_spend SET captured_micros = captured_micros - 1",
      /spend \["tag_spend","live","shot","0",\d+\]: 1.299999 since the checkpoint in use, 1.300000 from the journal/,
    ],
    ["DELETE FROM tag_spend WHERE value = '0'", /spend \["tag_spend",.* 0.000000 since the checkpoint in use/],
    [
      "INSERT INTO tag_spend SELECT mode, name, 'other', bucket, 1, 0 FROM tag_spend LIMIT 1",
      /spend .*"other".* 0.000001 since the checkpoint in use, 0.000000 from the journal/,
    ],
    ["UPDATE tenant SET reported_seq = 1000", /D1 has its entries up to 1000/],
  ] as const;
  test.each(CHANGES)("%s", async (change, named) => {
    const tenant = await life.checkpointed(20, 2);
    await life.captured(tenant, 2);
    await life.held(tenant, 2);
    expect(await auditOf(tenant.ledger)).toMatchObject({ consistent: true, fromSeq: 43, verifiedToSeq: 48 });
    await life.sql(tenant.id, change);
    const report = await auditOf(tenant.ledger);
    expect(report.consistent).toBe(false);
    expect(report.differences.join("\n")).toMatch(named);
  });
});

describe("credit and limits are books, too", () => {
  const CHANGES = [
    ["UPDATE credit SET balance_micros = balance_micros + 1", /credit: balance/],
    ["UPDATE credit SET held_micros = held_micros + 1", /credit: held/],
    ["UPDATE credit SET held_jobs = held_jobs + 1", /credit: another number of held jobs/],
    ["UPDATE credit SET limit_micros = limit_micros + 1", /credit: limit/],
    ["DELETE FROM credit", /credit: balance 0.000000 in use/],
    ["UPDATE limits SET running = running + 1", /limit all: 3 jobs running in use, 2 from the journal/],
  ] as const;
  test.each(CHANGES)("%s", async (change, named) => {
    const tenant = await life.checkpointed(0, 0);
    const by = { actor: "test" };
    await tenant.ledger.change("top_up", { amountMicros: 100 * PRICE, reason: "first" }, by);
    await tenant.ledger.change("set_credit_limit", { limitMicros: 5 * PRICE }, by);
    await tenant.ledger.change("put_limit", ALL_LIMIT, by);
    await life.captured(tenant, 20);
    await tenant.ledger.change("adjust_credit", { amountMicros: -PRICE, reason: "correction" }, by);
    await life.ringUntil(tenant.id, async () => (await life.checkpointSeq(tenant.id)) === 43);
    await tenant.ledger.change("top_up", { amountMicros: PRICE, reason: "second" }, by);
    await life.captured(tenant, 1);
    await life.held(tenant, 2);
    expect(await auditOf(tenant.ledger)).toMatchObject({ consistent: true, differences: [], fromSeq: 44 });
    expect((await life.fullAudit(tenant)).report).toMatchObject({ consistent: true, entries: 48 });
    await life.sql(tenant.id, change);
    const report = await auditOf(tenant.ledger);
    expect(report.consistent).toBe(false);
    expect(report.differences.join("\n")).toMatch(named);
  });

  test("a movement that does not leave what it says it left", async () => {
    const tenant = await life.tenantWith(0);
    await tenant.ledger.change("top_up", { amountMicros: 100 * PRICE, reason: "first" }, { actor: "test" });
    await life.sql(tenant.id, "UPDATE journal SET body = replace(body, '\"balanceMicros\":1', '\"balanceMicros\":2')");
    const { differences } = await auditOf(tenant.ledger);
    expect(differences.join("\n")).toMatch(/entry 1 left a balance of/);
  });
});

const ALL_LIMIT = {
  id: "all",
  mode: "live",
  scope: { kind: "tenant" },
  requestsPerMinute: null,
  burst: null,
  concurrentJobs: 100,
  submitsPerDay: null,
} as const;
