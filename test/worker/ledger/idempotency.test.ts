import { describe, expect, test } from "vitest";
import { admitted, newKey, newTenant, PRICE, request } from "./tenant.ts";

describe("invariant 10: an Idempotency-Key makes one job", () => {
  test("many at once with one key: one job, one hold", async () => {
    const { ledger, caller } = await newTenant(100 * PRICE);
    const same = request(caller, { idempotencyKey: "once" });
    const results = await Promise.all(Array.from({ length: 30 }, () => ledger.reserve(same)));
    expect(new Set(admitted(results)).size).toBe(1);
    expect(results.filter((result) => result.ok && !result.value.replayed)).toHaveLength(1);
    expect(await ledger.budgets()).toMatchObject([{ heldMicros: PRICE, heldJobs: 1 }]);
  });

  test("is checked before budgets: a replay never gets 402", async () => {
    const { ledger, caller } = await newTenant(PRICE);
    const same = request(caller, { idempotencyKey: "once" });
    const [jobId] = admitted([await ledger.reserve(same)]);
    expect(await ledger.reserve(request(caller))).toMatchObject({ error: { code: "budget_exceeded" } });
    expect(await ledger.reserve(same)).toMatchObject({ value: { replayed: true, open: true, job: { jobId } } });
  });

  test("another body is refused with 409", async () => {
    const { ledger, caller } = await newTenant(100 * PRICE);
    await ledger.reserve(request(caller, { idempotencyKey: "once" }));
    const other = await ledger.reserve(request(caller, { idempotencyKey: "once", bodyHash: "b" }));
    expect(other).toMatchObject({ error: { code: "idempotency_conflict" } });
  });

  test("belongs to one key: another key's is another", async () => {
    const { ledger, caller } = await newTenant(100 * PRICE);
    const second = await newKey(ledger, "live");
    const results = [caller, second].map((who) => ledger.reserve(request(who, { idempotencyKey: "once" })));
    expect(new Set(admitted(await Promise.all(results))).size).toBe(2);
  });

  test("a refusal is not recorded", async () => {
    const { ledger, caller } = await newTenant(0);
    const same = request(caller, { idempotencyKey: "once" });
    expect(await ledger.reserve(same)).toMatchObject({ error: { code: "budget_exceeded" } });
    await ledger.change("put_budget", {
      id: "whole",
      mode: "live",
      scope: { kind: "tenant" },
      window: "total",
      limitMicros: PRICE,
      timeZone: null,
    });
    expect(await ledger.reserve(same)).toMatchObject({ value: { replayed: false } });
  });

  test("a job that was sent and failed is recorded, one that never was is not", async () => {
    const { ledger, caller } = await newTenant(100 * PRICE);
    const again = (key: string) => ledger.reserve(request(caller, { idempotencyKey: key }));
    const [failed = "", unsent = ""] = admitted([await again("failed"), await again("unsent")]);
    await ledger.settle({ jobId: failed, action: "release", outcome: "failed", reason: "x" });
    await ledger.settle({ jobId: unsent, action: "release", outcome: "never_sent", reason: "x" });
    expect(await again("failed")).toMatchObject({ value: { replayed: true, open: false, job: { jobId: failed } } });
    expect(await again("unsent")).toMatchObject({ value: { replayed: false } });
  });

  test("two equal submits without one are two jobs", async () => {
    const { ledger, caller } = await newTenant(100 * PRICE);
    const jobs = admitted([await ledger.reserve(request(caller)), await ledger.reserve(request(caller))]);
    expect(new Set(jobs).size).toBe(2);
  });
});
