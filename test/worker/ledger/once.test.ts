import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { afterEach, expect, test, vi } from "vitest";
import { ONCE_MS } from "../../../src/ledger/once-store.ts";
import { newTenant, NOON, PRICE, stubOf, WHOLE, type TestTenant } from "./tenant.ts";

afterEach(() => void vi.useRealTimers());

const putOnce = ({ ledger }: TestTenant, name: string) =>
  ledger.change("put_budget", { ...WHOLE, id: name, limitMicros: PRICE }, once(name));
const once = (scope: string) => ({ actor: "operator", once: { scope, bodyHash: "a" } });

const seen = ({ id }: TestTenant): Promise<{ kept: string[]; alarm: number | null }> =>
  runInDurableObject(stubOf(id), async (_object, { storage }) => ({
    kept: [...storage.sql.exec("SELECT scope FROM once ORDER BY scope")].map((row) => String(row["scope"])),
    alarm: await storage.getAlarm(),
  }));

const ring = async (tenant: TestTenant, at: number): Promise<void> => {
  vi.setSystemTime(at);
  expect(await runDurableObjectAlarm(stubOf(tenant.id))).toBe(true);
};

test("answers kept for Idempotency-Keys of changes go when their time is over, in a ledger where nothing else happens", async () => {
  vi.setSystemTime(NOON);
  const tenant = await newTenant(null);
  expect(await seen(tenant)).toEqual({ kept: [], alarm: null });
  await putOnce(tenant, "first");
  vi.setSystemTime(NOON + ONCE_MS / 2);
  await putOnce(tenant, "second");
  expect(await seen(tenant)).toEqual({ kept: ["first", "second"], alarm: NOON + ONCE_MS });
  await ring(tenant, NOON + ONCE_MS - 1);
  expect((await seen(tenant)).kept).toEqual(["first", "second"]);
  // No look comes sooner after another than HOLD_ACK_MS.
  const alarm = (await seen(tenant)).alarm ?? 0;
  expect(alarm).toBe(NOON + ONCE_MS - 1 + 3_600_000);
  await ring(tenant, alarm);
  expect(await seen(tenant)).toEqual({ kept: ["second"], alarm: NOON + 1.5 * ONCE_MS });
  await ring(tenant, NOON + 1.5 * ONCE_MS);
  expect(await seen(tenant)).toEqual({ kept: [], alarm: null });
});

test("an instance that finds such answers and no alarm arms it", async () => {
  vi.setSystemTime(NOON);
  const tenant = await newTenant(null);
  await putOnce(tenant, "first");
  await runInDurableObject(stubOf(tenant.id), (_object, { storage }) => storage.deleteAlarm());
  await evictDurableObject(stubOf(tenant.id));
  expect(await seen(tenant)).toEqual({ kept: ["first"], alarm: NOON + ONCE_MS });
});

test("a replay and a refusal keep nothing", async () => {
  vi.setSystemTime(NOON);
  const tenant = await newTenant(null);
  expect(await putOnce(tenant, "first")).toMatchObject({ ok: true, replayed: false });
  expect(await putOnce(tenant, "first")).toMatchObject({ ok: true, replayed: true });
  await tenant.ledger.change("delete_budget", { id: "none" }, once("second"));
  expect(await seen(tenant)).toEqual({ kept: ["first"], alarm: NOON + ONCE_MS });
});
