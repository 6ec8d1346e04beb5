import { beforeAll, expect, test } from "vitest";
import { callerWith, migrate, operatorKey, reserve, tenantWithKey, type Call } from "./api.ts";

let operator: Call;
beforeAll(async () => {
  await migrate();
  operator = callerWith((await operatorKey()).key);
});

const ONE = { scope: { tenant: true }, concurrent_jobs: 2 };

test("a limit is put, shown with what it counts, listed and deleted", async () => {
  const { at } = await tenantWithKey(operator);
  const path = `${at}/limits/main`;
  const put = await operator("PUT", path, { scope: { team: "red" }, requests_per_minute: 60, submits_per_day: 0 });
  expect(put.status).toBe(200);
  expect(put.body).toEqual({
    id: "main",
    mode: "live",
    scope: { team: "red" },
    requests_per_minute: 60,
    burst: 60,
    concurrent_jobs: null,
    submits_per_day: 0,
    running_jobs: 0,
    submits_today: 0,
  });
  expect((await operator("GET", `${at}/limits`)).body).toEqual({ data: [put.body], next_cursor: null });
  expect((await operator("DELETE", path)).status).toBe(204);
  expect((await operator("DELETE", path)).status).toBe(404);
  expect((await operator("GET", `${at}/limits`)).body).toEqual({ data: [], next_cursor: null });
});

test("every kind of scope comes back as it was given", async () => {
  const { at, keyId } = await tenantWithKey(operator);
  for (const scope of [{ tenant: true }, { team: "Growth" }, { key: keyId }]) {
    const asked = { scope, mode: "test", requests_per_minute: 60_000, burst: 1 };
    expect((await operator("PUT", `${at}/limits/l`, asked)).body).toMatchObject(asked);
  }
});

test("running jobs and submits of today are counted, also by a limit that replaces one; a full one refuses", async () => {
  const { at, tenant, key } = await tenantWithKey(operator);
  await operator("PUT", `${at}/budgets/main`, { scope: { tenant: true }, limit: "13", window: "total" });
  await operator("PUT", `${at}/limits/main`, ONE);
  await reserve(tenant, key);
  await reserve(tenant, key);
  const counted = { running_jobs: 2, submits_today: 2 };
  expect((await operator("GET", `${at}/limits`)).body).toMatchObject({ data: [counted] });
  await expect(reserve(tenant, key)).rejects.toThrow("too_many_jobs");
  const replaced = await operator("PUT", `${at}/limits/main`, { ...ONE, concurrent_jobs: 5, submits_per_day: 2 });
  expect(replaced.body).toMatchObject(counted);
  await expect(reserve(tenant, key)).rejects.toThrow("daily_limit");
});

test.each([
  ["body", { scope: { tenant: true } }],
  ["body", { scope: { tenant: true }, requests_per_minute: null }],
  ["burst", { ...ONE, burst: 3 }],
  ["burst", { ...ONE, requests_per_minute: 3, burst: 0 }],
  ["requests_per_minute", { ...ONE, requests_per_minute: 0 }],
  ["requests_per_minute", { ...ONE, requests_per_minute: 60_001 }],
  ["concurrent_jobs", { ...ONE, concurrent_jobs: 1_000_001 }],
  ["concurrent_jobs", { ...ONE, concurrent_jobs: -1 }],
  ["submits_per_day", { ...ONE, submits_per_day: 1.5 }],
  ["scope", { ...ONE, scope: { tag: { name: "a", value: "b" } } }],
  ["scope", { concurrent_jobs: 1 }],
  ["mode", { ...ONE, mode: "all" }],
  ["window", { ...ONE, window: "day" }],
])("a limit with a wrong %s is refused by name: %j", async (field, body) => {
  const { at } = await tenantWithKey(operator);
  const answer = await operator("PUT", `${at}/limits/main`, body);
  expect(answer.status).toBe(400);
  expect(answer.body).toMatchObject({ code: "invalid_request", errors: [{ field }] });
  expect((await operator("GET", `${at}/limits`)).body["data"]).toEqual([]);
});
