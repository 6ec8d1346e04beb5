import { describe, expect, test } from "vitest";
import type { BudgetScope } from "../../../src/ledger/types.ts";
import { call, envelope, newTenant, T2V, type TestTenant } from "./api.ts";

const PRO = "kwaivgi/kling-v2.1-i2v-pro";

const balanceOf = async (key: string): Promise<unknown> =>
  (await envelope(await call(key, "GET", "/api/v3/balance"))).data["balance"];

const budget = ({ ledger }: TestTenant, scope: BudgetScope, limitMicros: number, mode: "live" | "test" = "live") =>
  ledger.change("put_budget", {
    id: JSON.stringify(scope).replaceAll(/\W/g, ""),
    mode,
    scope,
    window: "total",
    limitMicros,
    timeZone: null,
  });

describe("the balance that a key is told", () => {
  test("is the least that is left of its tenant's, its team's and its own budget, and of the credit", async () => {
    const tenant = await newTenant(9_000_000);
    const { key, keyId, ledger } = tenant;
    await ledger.change("update_key", { id: keyId, patch: { team: "film" } });
    expect(await balanceOf(key)).toBe(9);
    await budget(tenant, { kind: "team", team: "film" }, 8_000_000);
    await budget(tenant, { kind: "team", team: "other" }, 1);
    expect(await balanceOf(key)).toBe(8);
    await budget(tenant, { kind: "key", key: keyId }, 7_000_000);
    await budget(tenant, { kind: "key", key: "0".repeat(16) }, 2);
    expect(await balanceOf(key)).toBe(7);
    await ledger.change("top_up", { amountMicros: 6_000_000, reason: "paid" });
    expect(await balanceOf(key)).toBe(6);
    await call(key, "POST", `/api/v3/${T2V}`, { prompt: "[[sim: delay=1h]]" });
    expect(await balanceOf(key)).toBe(4.7);
    await budget(tenant, { kind: "key", key: keyId }, 1_000_000);
    expect(await balanceOf(key)).toBe(0);
  });

  test("is none of what binds only some of its jobs, unless those are all it may run", async () => {
    const tenant = await newTenant(9_000_000);
    await budget(tenant, { kind: "model", model: T2V }, 1_000_000);
    await budget(tenant, { kind: "tag", name: "film", value: "x" }, 1);
    expect(await balanceOf(tenant.key)).toBe(9);
    const one = await newTenant(9_000_000);
    await one.ledger.change("update_key", { id: one.keyId, patch: { models: [T2V] } });
    await budget(one, { kind: "model", model: T2V }, 1_000_000);
    await budget(one, { kind: "model", model: PRO }, 1);
    expect(await balanceOf(one.key)).toBe(1);
  });

  test("is nothing where nothing was given, and the daily allowance in the sandbox", async () => {
    const none = await newTenant(null);
    await budget(none, { kind: "key", key: none.keyId }, 5_000_000);
    expect(await balanceOf(none.key)).toBe(0);
    const sandbox = await newTenant(null, "test");
    expect(await balanceOf(sandbox.key)).toBe(100);
    await budget(sandbox, { kind: "key", key: sandbox.keyId }, 5_000_000, "test");
    expect(await balanceOf(sandbox.key)).toBe(5);
  });
});

describe("the models that a key is told", () => {
  const idsOf = async (key: string): Promise<string[]> => {
    const { data } = await envelope(await call(key, "GET", "/api/v3/models"));
    return (data as unknown as { model_id: string }[]).map(({ model_id }) => model_id);
  };

  test("are those that it may use", async () => {
    const { key } = await newTenant();
    expect(await idsOf(key)).toEqual(expect.arrayContaining([T2V, PRO]));
    const one = await newTenant();
    await one.ledger.change("update_key", { id: one.keyId, patch: { models: [PRO, "not/there"] } });
    expect(await idsOf(one.key)).toEqual([PRO]);
  });

  test("have an ETag, and are not sent again while they are the same", async () => {
    const { key, ledger } = await newTenant();
    const first = await call(key, "GET", "/api/v3/models");
    const etag = first.headers.get("etag") ?? "";
    const again = await call(key, "GET", "/api/v3/models", undefined, { "if-none-match": etag });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe("");
    await ledger.change("set_pricing", { markupBps: 100, models: {} });
    const dearer = await call(key, "GET", "/api/v3/models", undefined, { "if-none-match": etag });
    expect(dearer.status).toBe(200);
  });
});
