import { describe, expect, test } from "vitest";
import type { Limit } from "../../../src/ledger/types.ts";
import { call, envelope, newTenant, T2V, type TestTenant } from "./api.ts";

const submit = (key: string): Promise<Response> => call(key, "POST", `/api/v3/${T2V}`, { prompt: "[[sim: delay=1h]]" });

const NONE = { requestsPerMinute: null, burst: null, concurrentJobs: null, submitsPerDay: null };

const limit = ({ ledger }: TestTenant, id: string, given: Partial<Limit>) =>
  ledger.change("put_limit", { id, mode: "live", scope: { kind: "tenant" }, ...NONE, ...given });

describe("429", () => {
  test("submits a minute: the burst, then none until one has come free", async () => {
    const tenant = await newTenant();
    await limit(tenant, "plan", { requestsPerMinute: 3 });
    const answers = await Promise.all(Array.from({ length: 8 }, () => submit(tenant.key)));
    expect(answers.filter((one) => one.status === 200)).toHaveLength(3);
    const refused = answers.find((one) => one.status === 429)!;
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThanOrEqual(15);
    expect(Number(refused.headers.get("retry-after"))).toBeLessThanOrEqual(20);
    expect(refused.headers.get("ratelimit-policy")).toBe('"plan.minute";q=3;w=60');
    expect(refused.headers.get("ratelimit")).toMatch(/^"plan\.minute";r=0;t=(1[5-9]|20)$/);
    expect(await envelope(refused)).toMatchObject({
      code: 429,
      error: { code: "rate_limited", retryable: true, details: { limit: "plan", requests_per_minute: 3 } },
    });
  });

  test("jobs at once and submits a day, each with its own code and fields", async () => {
    const tenant = await newTenant();
    await limit(tenant, "few", { concurrentJobs: 2 });
    const admitted = await submit(tenant.key);
    expect(admitted.headers.get("ratelimit-policy")).toBe('"few.jobs";q=2;qu="concurrent-requests"');
    expect(admitted.headers.get("ratelimit")).toBe('"few.jobs";r=1');
    expect((await submit(tenant.key)).status).toBe(200);
    expect((await envelope(await submit(tenant.key))).error?.code).toBe("too_many_jobs");

    await limit(tenant, "few", { submitsPerDay: 2 });
    expect((await envelope(await submit(tenant.key))).error?.code).toBe("daily_limit");
  });

  test("comes after 402, and a refused submit takes nothing from the limit", async () => {
    const tenant = await newTenant(1_300_000);
    await limit(tenant, "plan", { requestsPerMinute: 2 });
    expect((await submit(tenant.key)).status).toBe(200);
    for (let tries = 0; tries < 5; tries++) expect((await submit(tenant.key)).status).toBe(402);
    const { value } = (await tenant.ledger.change("put_budget", {
      id: "whole",
      mode: "live",
      scope: { kind: "tenant" },
      window: "total",
      limitMicros: 100_000_000,
      timeZone: null,
    })) as { value: { heldMicros: number } };
    expect(value.heldMicros).toBe(1_300_000);
    expect((await submit(tenant.key)).status).toBe(200);
    expect((await submit(tenant.key)).status).toBe(429);
  });
});
