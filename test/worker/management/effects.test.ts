import { beforeAll, expect, test } from "vitest";
import { callerWith, migrate, operatorKey, tenantWithKey, type Call, type Json } from "./api.ts";

let operator: Call;
beforeAll(async () => {
  await migrate();
  operator = callerWith((await operatorKey()).key);
});

/** What operators decide here is what the next submit meets there. */
const T2V = "kwaivgi/kling-v2.0-t2v-master";
const INPUT = { prompt: "[[sim: delay=1h]]", duration: "5" };

async function customer(asked: Json = {}) {
  const made = await tenantWithKey(operator, asked);
  const budget = { scope: { tenant: true }, limit: "50", window: "total", mode: asked["mode"] ?? "live" };
  await operator("PUT", `${made.at}/budgets/main`, budget);
  const submit = (headers: Record<string, string> = {}) => made.asTenant("POST", `/api/v3/${T2V}`, INPUT, headers);
  const quote = async () => {
    const { body } = await made.asTenant("POST", "/v1/quotes", { model: T2V, input: INPUT });
    return { "x-wavegate-quote": String(body["quote"]) };
  };
  return { ...made, submit, quote };
}

const priceOf = async (answer: Promise<{ headers: Headers }>) => (await answer).headers.get("x-wavegate-job-cost");

test("a quote binds through a price rise, as often as it is used, and a lower price is taken all the same", async () => {
  const { at, submit, quote } = await customer();
  const held = await quote();
  await operator("PUT", `${at}/pricing`, { markup_bps: 10_000 });
  expect(await priceOf(submit(held))).toBe("1.300000");
  expect(await priceOf(submit(held))).toBe("1.300000");
  expect(await priceOf(submit())).toBe("2.600000");
  await operator("PUT", `${at}/pricing`, { markup_bps: -5_000 });
  expect(await priceOf(submit(held))).toBe("0.650000");
});

test("a quote is for one tenant and one mode", async () => {
  const [mine, other, sandbox] = [await customer(), await customer(), await customer({ mode: "test" })];
  const held = await mine.quote();
  for (const stranger of [other, sandbox]) {
    const refused = await stranger.submit(held);
    expect([refused.status, (refused.body["error"] as Json)["code"]]).toEqual([409, "quote_mismatch"]);
  }
});

test("an operator's quote is used by the tenant that it was made for", async () => {
  const { tenant, at, submit } = await customer();
  const { body } = await operator("POST", "/v1/quotes", { model: T2V, input: INPUT, tenant, valid_seconds: 86_400 });
  await operator("PUT", `${at}/pricing`, { markup_bps: 10_000 });
  expect(await priceOf(submit({ "x-wavegate-quote": String(body["quote"]) }))).toBe("1.300000");
});

test("a pause refuses the next submit with 503 and its reason, until it is ended", async () => {
  const { submit } = await customer();
  await operator("PUT", "/v1/pauses/now", { scope: { model: T2V }, reason: "bad output" });
  const refused = await submit();
  expect(refused.status).toBe(503);
  expect(refused.text).toContain("bad output");
  expect(refused.headers.get("retry-after")).not.toBeNull();
  await operator("DELETE", "/v1/pauses/now");
  expect((await submit()).status).toBe(200);
});

test("a pause of the live account leaves the sandbox alone", async () => {
  const [live, sandbox] = [await customer(), await customer({ mode: "test" })];
  await operator("PUT", "/v1/pauses/now", { scope: { account: "live" }, reason: "key is being changed" });
  expect((await live.submit()).status).toBe(503);
  expect((await sandbox.submit()).status).toBe(200);
  await operator("DELETE", "/v1/pauses/now");
});

test("suspension, a limit, a switched-off key: the next submit meets each", async () => {
  const { at, keyId, submit } = await customer();
  const refusedWith = async () => (((await submit()).body["error"] ?? {}) as Json)["code"];
  await operator("PUT", `${at}/limits/none`, { scope: { key: keyId }, submits_per_day: 0 });
  expect(await refusedWith()).toBe("daily_limit");
  await operator("DELETE", `${at}/limits/none`);
  await operator("PATCH", at, { status: "suspended", reason: "unpaid" });
  expect(await refusedWith()).toBe("tenant_suspended");
  await operator("PATCH", at, { status: "active" });
  await operator("PATCH", `${at}/keys/${keyId}`, { disabled: true });
  expect(await refusedWith()).toBe("key_disabled");
  await operator("PATCH", `${at}/keys/${keyId}`, { disabled: false });
  expect((await submit()).status).toBe(200);
});

test("credit alone covers a job, and what it holds is shown", async () => {
  const { at, asTenant } = await tenantWithKey(operator);
  const submit = () => asTenant("POST", `/api/v3/${T2V}`, INPUT);
  expect((await submit()).status).toBe(402);
  await operator("POST", `${at}/credit/top-ups`, { amount: "1.30" }, { "idempotency-key": crypto.randomUUID() });
  expect((await submit()).status).toBe(200);
  expect((await asTenant("GET", "/v1/me")).body["credit"]).toMatchObject({ held: "1.300000", available: "0.000000" });
  expect((await submit()).status).toBe(402);
  expect((await operator("POST", `${at}/audit`)).body).toMatchObject({ consistent: true });
});
