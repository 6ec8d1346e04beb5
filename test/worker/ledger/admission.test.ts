import { describe, expect, test } from "vitest";
import { auditOf } from "../../support/audit-of.ts";
import { admitted, newKey, newTenant, PRICE, request, T2V, WHOLE, rate } from "./tenant.ts";

const parallel = 50;

describe("invariant 1: nothing is admitted over a limit, under any concurrency, at every level", () => {
  test("50 at once against a budget of ten: exactly ten, and the refusal gives the numbers", async () => {
    const { ledger, caller } = await newTenant(10 * PRICE);
    const results = await Promise.all(Array.from({ length: parallel }, () => ledger.reserve(request(caller))));
    expect(admitted(results)).toHaveLength(10);
    const refused = results.filter((result) => !result.ok);
    expect(refused).toHaveLength(40);
    for (const result of refused) {
      expect(result.error).toMatchObject({
        code: "budget_exceeded",
        details: { limit: "13.000000", captured: "0.000000", held: "13.000000", price: "1.300000", held_jobs: 10 },
      });
    }
  });

  const scopes = [
    { kind: "team", team: "film" },
    { kind: "model", model: T2V },
    { kind: "tag", name: "shot", value: "12" },
    { kind: "key", key: "" },
  ] as const;
  test.each(scopes)("a $kind budget binds beside the tenant's", async (scope) => {
    const { ledger } = await newTenant(100 * PRICE);
    const caller = await newKey(ledger, "live", { team: "film" });
    const bound = scope.kind === "key" ? { kind: "key" as const, key: caller.keyId } : scope;
    await ledger.change("put_budget", { ...WHOLE, id: "narrow", scope: bound, limitMicros: 3 * PRICE });
    const job = request(caller, { tags: { shot: "12" } });
    const results = await Promise.all(Array.from({ length: parallel }, () => ledger.reserve(job)));
    expect(admitted(results)).toHaveLength(3);
    const states = await ledger.budgets();
    expect(states.map((budget) => budget.heldMicros)).toEqual([3 * PRICE, 3 * PRICE]);
  });

  test("a job outside the narrow scope is not bound by it", async () => {
    const { ledger, caller } = await newTenant(100 * PRICE);
    await ledger.change("put_budget", {
      ...WHOLE,
      id: "narrow",
      scope: { kind: "team", team: "other" },
      limitMicros: 0,
    });
    expect(await ledger.reserve(request(caller))).toMatchObject({ ok: true });
  });

  test("one micro-dollar short is refused, exactly enough is admitted", async () => {
    const short = await newTenant(PRICE - 1);
    expect(await short.ledger.reserve(request(short.caller))).toMatchObject({ error: { code: "budget_exceeded" } });
    const enough = await newTenant(PRICE);
    expect(await enough.ledger.reserve(request(enough.caller))).toMatchObject({ ok: true });
  });

  test("without a tenant-level budget nothing is given, so nothing is spent", async () => {
    const { ledger, caller } = await newTenant(null);
    await ledger.change("put_budget", { ...WHOLE, scope: { kind: "key", key: caller.keyId }, limitMicros: 10 * PRICE });
    expect(await ledger.reserve(request(caller))).toMatchObject({ error: { code: "no_budget" } });
  });

  test("a lowered limit admits nothing, and what was admitted stays", async () => {
    const { ledger, caller } = await newTenant(10 * PRICE);
    await ledger.reserve(request(caller));
    const lowered = await ledger.change("put_budget", { ...WHOLE, limitMicros: PRICE / 2 });
    expect(lowered).toMatchObject({ value: { heldMicros: PRICE, limitMicros: PRICE / 2 } });
    expect(await ledger.reserve(request(caller))).toMatchObject({ error: { code: "budget_exceeded" } });
  });
});

describe("counters belong to scope and time, not to the budget's row", () => {
  test("a budget made later, changed or made again counts what is captured and held", async () => {
    const { ledger, caller } = await newTenant(100 * PRICE);
    const jobs = admitted([await ledger.reserve(request(caller)), await ledger.reserve(request(caller))]);
    await ledger.settle({ jobId: jobs[0] ?? "", action: "capture", outcome: "completed", reason: "" });
    const late = {
      ...WHOLE,
      id: "late",
      scope: { kind: "model", model: T2V },
      window: "day",
      limitMicros: 2 * PRICE,
    } as const;
    for (let time = 0; time < 2; time++) {
      expect(await ledger.change("put_budget", late)).toMatchObject({
        value: { capturedMicros: PRICE, heldMicros: PRICE, heldJobs: 1 },
      });
      expect(await ledger.reserve(request(caller))).toMatchObject({ error: { code: "budget_exceeded" } });
      await ledger.change("delete_budget", { id: "late" });
    }
    await ledger.change("put_budget", late);
    await ledger.settle({ jobId: jobs[1] ?? "", action: "release", outcome: "failed", reason: "x" });
    expect(await ledger.reserve(request(caller))).toMatchObject({ ok: true });
    expect(await auditOf(ledger)).toMatchObject({ consistent: true, differences: [] });
  });
});

describe("sandbox keys", () => {
  test("without a test budget they get 100.000000 a day, and never touch the live one", async () => {
    const { ledger } = await newTenant(PRICE);
    const caller = await newKey(ledger, "test");
    expect(await ledger.reserve(request(caller, { rates: [rate(1, 0, 100_000_000)] }))).toMatchObject({ ok: true });
    expect(await ledger.reserve(request(caller))).toMatchObject({ error: { code: "budget_exceeded" } });
    const live = (await ledger.budgets()).find((budget) => budget.mode === "live");
    expect(live).toMatchObject({ heldMicros: 0 });
  });

  test("a test budget that somebody gave takes the default's place", async () => {
    const { ledger } = await newTenant(null);
    const caller = await newKey(ledger, "test");
    await ledger.reserve(request(caller));
    await ledger.change("put_budget", { ...WHOLE, id: "mine", mode: "test", limitMicros: 500_000_000 });
    expect((await ledger.budgets()).map((budget) => budget.id)).toEqual(["mine"]);
    expect(await ledger.budgets()).toMatchObject([{ heldMicros: PRICE }]);
  });
});
