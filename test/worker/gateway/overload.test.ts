import { createExecutionContext } from "cloudflare:test";
import { expect, test } from "vitest";
import { makeApp } from "../../../src/app.ts";
import type { Env } from "../../../src/config.ts";
import { testEnv } from "../../support/test-env.ts";
import { envelope, newTenant, T2V } from "./api.ts";
import { callWith, ledgersWith } from "./broken.ts";

const BODY = { prompt: "[[sim: delay=1h]]" };
const PATH = `/api/v3/${T2V}`;

/** A gateway that takes one submit of a tenant at once, and whose ledger does not answer until it is told to. */
function smallGateway() {
  const [asked, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<never>()];
  let reserves = 0;
  const reserve = (): Promise<never> => {
    reserves += 1;
    asked.resolve();
    return answered.promise;
  };
  const env = { SUBMITS_IN_HAND_MAX: "1", TENANT_LEDGER: ledgersWith({ reserve }) };
  return { env, asked: asked.promise, reserves: () => reserves, end: () => answered.reject(new Error("over")) };
}

test("one submit too many is refused before its ledger hears of it, reads and other tenants go on, and then it is taken", async () => {
  const [{ key, ledger }, other] = [await newTenant(), await newTenant()];
  const gateway = smallGateway();
  const first = callWith(gateway.env, key, "POST", PATH, BODY);
  await gateway.asked;
  const refused = await callWith(gateway.env, key, "POST", PATH, BODY, { "idempotency-key": "one" });
  expect(refused.status).toBe(503);
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
  expect((await envelope(refused)).error).toMatchObject({ code: "overloaded", retryable: true });
  expect(gateway.reserves()).toBe(1);
  expect((await callWith(gateway.env, key, "GET", "/api/v3/balance")).status).toBe(200);
  expect((await callWith({ SUBMITS_IN_HAND_MAX: "1" }, other.key, "POST", PATH, BODY)).status).toBe(200);
  gateway.end();
  expect((await first).status).toBe(500);
  // What was refused used nothing up.
  const again = await callWith({ SUBMITS_IN_HAND_MAX: "1" }, key, "POST", PATH, BODY, { "idempotency-key": "one" });
  expect(again.status).toBe(200);
  expect(again.headers.has("idempotency-replayed")).toBe(false);
  expect(await ledger.budgets()).toMatchObject([{ heldMicros: 1_300_000 }]);
});

test("a forged key is told so, whatever the load", async () => {
  const { key } = await newTenant();
  const gateway = smallGateway();
  const first = callWith(gateway.env, key, "POST", PATH, BODY);
  await gateway.asked;
  expect((await callWith(gateway.env, `${key.slice(0, -4)}AAAA`, "POST", PATH, BODY)).status).toBe(401);
  gateway.end();
  await first;
});

test("the body of a refused submit is read to its end and kept by nobody", async () => {
  const { key } = await newTenant();
  const gateway = smallGateway();
  const first = callWith(gateway.env, key, "POST", PATH, BODY);
  await gateway.asked;
  let left = 64;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (left-- > 0) controller.enqueue(new Uint8Array(65_536));
      else controller.close();
    },
  });
  const headers = { authorization: `Bearer ${key}` };
  const request = new Request(`http://gateway.test${PATH}`, { method: "POST", headers, body });
  const env = { ...testEnv, ...gateway.env } as Env;
  expect((await makeApp().fetch(request, env, createExecutionContext())).status).toBe(503);
  expect(left).toBeLessThan(0);
  gateway.end();
  await first;
});
