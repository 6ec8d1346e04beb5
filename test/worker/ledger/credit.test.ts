import { describe, expect, test } from "vitest";
import { admitted, newKey, newTenant, PRICE, request } from "./tenant.ts";

const topUp = (amountMicros: number) => ({ amountMicros, reason: "invoice 7" });
const capture = (jobId: string) => ({ jobId, action: "capture", outcome: "completed", reason: "" }) as const;
const release = (jobId: string) => ({ jobId, action: "release", outcome: "failed", reason: "x" }) as const;

describe("prepaid: what was topped up is what can be spent", () => {
  test("without any budget, to the last micro-dollar and under any concurrency", async () => {
    const { ledger, caller } = await newTenant(null);
    await ledger.change("top_up", topUp(3 * PRICE - 1));
    const results = await Promise.all(Array.from({ length: 20 }, () => ledger.reserve(request(caller))));
    expect(admitted(results)).toHaveLength(2);
    expect(results.at(-1)).toMatchObject({
      error: {
        code: "credit_exhausted",
        details: { held: "2.600000", held_jobs: 2, remaining: "1.299999", would_fit: 0 },
      },
    });
    await ledger.change("top_up", topUp(1));
    expect(await ledger.reserve(request(caller))).toMatchObject({ ok: true });
  });

  test("a capture leaves the balance, a release goes back to it", async () => {
    const { ledger, caller } = await newTenant(null);
    await ledger.change("top_up", topUp(2 * PRICE));
    const [a = "", b = ""] = admitted([await ledger.reserve(request(caller)), await ledger.reserve(request(caller))]);
    await ledger.settle(capture(a));
    await ledger.settle(release(b));
    await ledger.settle(capture(b));
    expect(await ledger.credit()).toEqual({ balanceMicros: PRICE, heldMicros: 0, heldJobs: 0, limitMicros: 0 });
  });

  test("a budget binds beside it, and sandbox jobs never touch it", async () => {
    const { ledger, caller } = await newTenant(PRICE);
    await ledger.change("top_up", topUp(10 * PRICE));
    await ledger.reserve(request(caller));
    expect(await ledger.reserve(request(caller))).toMatchObject({ error: { code: "budget_exceeded" } });
    expect(await ledger.reserve(request(await newKey(ledger, "test")))).toMatchObject({ ok: true });
    expect(await ledger.credit()).toMatchObject({ heldMicros: PRICE, heldJobs: 1 });
  });
});

describe("postpaid: the credit limit is how far below zero the balance may go", () => {
  test("exactly so far, and a lowered limit admits nothing more", async () => {
    const { ledger, caller } = await newTenant(null);
    await ledger.change("set_credit_limit", { limitMicros: 2 * PRICE });
    const results = await Promise.all(Array.from({ length: 5 }, () => ledger.reserve(request(caller))));
    const jobs = admitted(results);
    expect(jobs).toHaveLength(2);
    for (const job of jobs) await ledger.settle(capture(job));
    expect(await ledger.credit()).toMatchObject({ balanceMicros: -2 * PRICE });
    await ledger.change("set_credit_limit", { limitMicros: 0 });
    await ledger.change("top_up", topUp(2 * PRICE));
    expect(await ledger.reserve(request(caller))).toMatchObject({ error: { code: "credit_exhausted" } });
  });

  test("credit is closed at zero and without holds only", async () => {
    const { ledger, caller } = await newTenant(null);
    await ledger.change("top_up", topUp(PRICE));
    expect(await ledger.change("close_credit", null)).toMatchObject({ error: { code: "conflict" } });
    const [job = ""] = admitted([await ledger.reserve(request(caller))]);
    await ledger.settle(capture(job));
    expect(await ledger.change("close_credit", null)).toMatchObject({ ok: true });
    expect(await ledger.credit()).toBeNull();
    expect(await ledger.reserve(request(caller))).toMatchObject({ error: { code: "no_budget" } });
  });
});

describe("every movement is in the journal, with its reason and who did it", () => {
  test("a top-up and an adjustment, which may go below zero", async () => {
    const { ledger } = await newTenant(null);
    await ledger.change("top_up", topUp(PRICE), { actor: "op_1" });
    await ledger.change("adjust_credit", { amountMicros: -2 * PRICE, reason: "refund twice" }, { actor: "op_2" });
    const { entries } = await ledger.entries(0, 10);
    const shown = {
      kind: "credit",
      reason: "refund twice",
      actor: "op_2",
      balanceMicros: -PRICE,
      amountMicros: -2 * PRICE,
    };
    expect(entries.map((entry) => entry.body)).toMatchObject([{ cause: "top_up" }, { ...shown, cause: "adjustment" }]);
  });

  test("an adjustment needs a credit to adjust", async () => {
    const { ledger } = await newTenant(null);
    const answer = await ledger.change("adjust_credit", { amountMicros: 1, reason: "x" });
    expect(answer).toMatchObject({ error: { code: "not_found" } });
    expect(await ledger.credit()).toBeNull();
  });

  test("a refused top-up changes nothing: a tenant that lives on budgets goes on living on them", async () => {
    const { ledger, caller } = await newTenant(PRICE);
    const answer = await ledger.change("top_up", topUp(Number.MAX_SAFE_INTEGER));
    expect(answer).toMatchObject({ error: { code: "invalid_request" } });
    expect(await ledger.credit()).toBeNull();
    expect(await ledger.reserve(request(caller))).toMatchObject({ ok: true });
  });
});
