import { beforeAll, expect, test } from "vitest";
import { ledgerOf } from "../../../src/ledger/ledger-of.ts";
import { testEnv } from "../../support/test-env.ts";
import { callerWith, migrate, operatorKey, reserve, tenantWithKey, type Call, type Json } from "./api.ts";

let operator: Call;
let operatorId: string;
beforeAll(async () => {
  await migrate();
  const { id, key } = await operatorKey();
  operator = callerWith(key);
  operatorId = id;
});

/** A call with an Idempotency-Key of its own. */
const pay = (method: string, path: string, body?: Json) =>
  operator(method, path, body, { "idempotency-key": crypto.randomUUID() });

const EMPTY = { balance: "0.000000", held: "0.000000", held_jobs: 0, limit: "0.000000", available: "0.000000" };

test("a tenant has no credit until it is given some; then it has what it was given", async () => {
  const { at } = await tenantWithKey(operator);
  expect((await operator("GET", `${at}/credit`)).status).toBe(404);
  expect((await operator("GET", `${at}/balance`)).body).toEqual({ budgets: [], credit: null });
  const put = await operator("PUT", `${at}/credit`, { limit: "0" });
  expect([put.status, put.body]).toEqual([200, EMPTY]);
  expect((await operator("GET", `${at}/credit`)).body).toEqual(EMPTY);
  const postpaid = await operator("PUT", `${at}/credit`, { limit: "10.5" });
  expect(postpaid.body).toEqual({ ...EMPTY, limit: "10.500000", available: "10.500000" });
});

test("top-ups and adjustments move the balance; the first top-up makes the credit; each is in the journal", async () => {
  const { at, tenant } = await tenantWithKey(operator);
  const topped = await pay("POST", `${at}/credit/top-ups`, { amount: "20", reason: "invoice 1" });
  expect([topped.status, topped.body]).toEqual([200, { ...EMPTY, balance: "20.000000", available: "20.000000" }]);
  const moved = await pay("POST", `${at}/credit/adjustments`, { amount: "-20.000001", reason: "typing slip" });
  expect(moved.body).toEqual({ ...EMPTY, balance: "-0.000001", available: "0.000000", over_by: "0.000001" });
  const { entries } = await ledgerOf(testEnv, tenant).entries(0, 10);
  const actor = `operator:${operatorId}`;
  expect(entries.map(({ body }) => body)).toMatchObject([
    { kind: "credit", cause: "top_up", amountMicros: 20_000_000, reason: "invoice 1", actor },
    { kind: "credit", cause: "adjustment", amountMicros: -20_000_001, reason: "typing slip", actor },
  ]);
  expect((await operator("POST", `${at}/audit`)).body).toMatchObject({ consistent: true });
});

test("the balance shows what is held; credit with something on it cannot be closed", async () => {
  const { at, tenant, key } = await tenantWithKey(operator);
  await pay("POST", `${at}/credit/top-ups`, { amount: "2" });
  const jobId = await reserve(tenant, key);
  const held = { balance: "2.000000", held: "1.300000", held_jobs: 1, available: "0.700000" };
  expect((await operator("GET", `${at}/balance`)).body).toMatchObject({ credit: held });
  const refused = await operator("DELETE", `${at}/credit`);
  expect([refused.status, refused.body["code"]]).toEqual([409, "conflict"]);
  await ledgerOf(testEnv, tenant).settle({ jobId, action: "capture", outcome: "completed", reason: "" });
  await pay("POST", `${at}/credit/adjustments`, { amount: "-0.70", reason: "paid back" });
  expect((await operator("DELETE", `${at}/credit`)).status).toBe(204);
  expect((await operator("DELETE", `${at}/credit`)).status).toBe(404);
  expect((await operator("GET", `${at}/balance`)).body).toMatchObject({ credit: null });
});

test("nothing is adjusted where there is no credit", async () => {
  const { at } = await tenantWithKey(operator);
  expect((await pay("POST", `${at}/credit/adjustments`, { amount: "1", reason: "x" })).status).toBe(404);
});

test("money is moved only with an Idempotency-Key, and the refusal names it", async () => {
  const { at } = await tenantWithKey(operator);
  for (const path of ["top-ups", "adjustments"]) {
    const send = (headers: Record<string, string>) =>
      operator("POST", `${at}/credit/${path}`, { amount: "1", reason: "x" }, headers);
    for (const headers of [{}, { "idempotency-key": "has spaces in it" }, { "idempotency-key": "x".repeat(256) }]) {
      const answer = await send(headers);
      expect(answer.status).toBe(400);
      expect(answer.body).toMatchObject({ errors: [{ field: "idempotency-key" }] });
    }
  }
  expect((await operator("GET", `${at}/credit`)).status).toBe(404);
});

test.each([
  ["top-ups", "amount", { amount: "0" }],
  ["top-ups", "amount", { amount: "-1" }],
  ["top-ups", "amount", { amount: 5 }],
  ["top-ups", "amount", { amount: "9007199254.740991" }],
  ["top-ups", "reason", { amount: "1", reason: "" }],
  ["top-ups", "reason", { amount: "1", reason: "x".repeat(301) }],
  ["top-ups", "actor", { amount: "1", actor: "me" }],
  ["adjustments", "amount", { amount: "0.00", reason: "x" }],
  ["adjustments", "amount", { amount: "-0", reason: "x" }],
  ["adjustments", "amount", { amount: "+1", reason: "x" }],
  ["adjustments", "amount", { amount: "-9007199254", reason: "x" }],
  ["adjustments", "reason", { amount: "1" }],
])("%s with a wrong %s is refused by name: %j", async (path, field, body) => {
  const { at } = await tenantWithKey(operator);
  await operator("PUT", `${at}/credit`, { limit: "0" });
  const answer = await pay("POST", `${at}/credit/${path}`, body);
  expect(answer.status).toBe(400);
  expect(answer.body).toMatchObject({ code: "invalid_request", errors: [{ field }] });
  expect((await operator("GET", `${at}/credit`)).body).toEqual(EMPTY);
});

test.each(["-1", "1e3", "9007199254.740991", 5])("a credit limit of %j is refused by name", async (limit) => {
  const { at } = await tenantWithKey(operator);
  const answer = await operator("PUT", `${at}/credit`, { limit });
  expect(answer.body).toMatchObject({ status: 400, code: "invalid_request", errors: [{ field: "limit" }] });
  expect((await operator("GET", `${at}/credit`)).status).toBe(404);
});
