import { createExecutionContext, createScheduledController, waitOnExecutionContext } from "cloudflare:test";
import { beforeAll, expect, test } from "vitest";
import worker from "../../../src/index.ts";
import { testEnv } from "../../support/test-env.ts";
import { callerWith, control, migrate, operatorKey } from "./api.ts";

beforeAll(migrate);

async function tick(): Promise<void> {
  const context = createExecutionContext();
  await worker.scheduled(createScheduledController({ cron: "* * * * *" }), testEnv, context);
  await waitOnExecutionContext(context);
}

const count = async (sql: string): Promise<number> => Number((await control.prepare(sql).first<{ n: number }>())?.n);
const looks = () => count("SELECT started_at AS n FROM catalogue_syncs");
const quotes = () => count("SELECT count(*) AS n FROM price_checks WHERE source = 'quote'");

test("the cron reads WaveSpeed's list once an hour, and asks for ten quotes a minute until all are compared", async () => {
  await tick();
  const first = await looks();
  expect(await count("SELECT count(*) AS n FROM catalogue_models")).toBeGreaterThan(10);
  expect(await quotes()).toBe(10);
  await tick();
  expect(await looks()).toBe(first);
  expect(await quotes()).toBe(14);
  expect(await count("SELECT count(*) AS n FROM price_checks WHERE agreed_at IS NULL")).toBe(0);
  expect(await count("SELECT count(*) AS n FROM alerts")).toBe(0);
  await control.prepare("UPDATE catalogue_syncs SET started_at = started_at - 3600000").run();
  await tick();
  expect(await looks()).toBeGreaterThanOrEqual(first);
});

test("what the cron found is what operators see", async () => {
  const operator = callerWith((await operatorKey()).key);
  const { body } = await operator("GET", "/v1/models?q=kling-v2.1-i2v-pro&enabled=true");
  const [model] = body["data"] as { price_checks: { difference: string }[] }[];
  expect(model?.price_checks.map(({ difference }) => difference)).toEqual(["0.000000", "0.000000", "0.000000"]);
});
