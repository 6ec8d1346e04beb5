import { describe, expect, test } from "vitest";
import { parseConfig } from "../../../src/config.ts";
import { ERRORS, type ErrorCode } from "../../../src/errors/catalogue.ts";
import { hookToken } from "../../../src/keys/hook-mac.ts";
import { testEnv } from "../../support/test-env.ts";
import { call, newTenant, T2V } from "./api.ts";
import { callWith, marked, NO_D1, throwing } from "./broken.ts";
import { PROVOKED } from "./provoked.ts";

/** What the strictest clients decode: whole numbers, texts, and nothing that names our inside. */
async function expectEnvelope(response: Response, status: number, secret: string): Promise<Record<string, unknown>> {
  const text = await response.text();
  expect(response.status, text).toBe(status);
  expect(response.headers.get("content-type")).toMatch(/^application\/json/);
  expect(response.headers.get("cache-control")).toBe("no-store");
  const body = JSON.parse(text) as { code: unknown; message: unknown; error: Record<string, unknown> };
  expect(Number.isInteger(body.code)).toBe(true);
  expect(typeof body.message).toBe("string");
  expect(body.message).not.toBe("");
  for (const secretText of [secret, testEnv.WAVESPEED_API_KEY, testEnv.WAVEGATE_SECRET.slice(2)]) {
    expect(text).not.toContain(secretText);
  }
  expect(text).not.toMatch(/\\n\s+at |\.ts\b|D1_|Durable Object|no such table/);
  return body.error;
}

describe("every code of the catalogue, provoked over HTTP, answers in WaveSpeed's envelope", () => {
  test.each(Object.keys(PROVOKED) as ErrorCode[])("%s", async (code) => {
    const { status, retryable } = ERRORS[code];
    const tenant = await newTenant();
    const response = await PROVOKED[code](tenant);
    const retryAfter = response.headers.get("retry-after");
    const error = await expectEnvelope(response, status, tenant.key);
    const source = code === "upstream_rejected" ? "wavespeed" : "wavegate";
    expect(error).toMatchObject({ source, code, retryable });
    if (status === 429 || status === 503) expect(Number(retryAfter)).toBeGreaterThanOrEqual(1);
    if (retryAfter !== null) expect(retryAfter).toMatch(/^[1-9]\d*$/);
    expect(response.headers.has("www-authenticate")).toBe(status === 401);
  });
});

const JUNK = "x".repeat(20_000);

describe("whatever else is wrong with a request", () => {
  test.each([
    ["an unknown path", "GET", "/api/v3/no/such", 404],
    ["an unknown edition", "GET", "/api/v9/balance", 404],
    ["no path", "GET", "/api", 404],
    ["a wrong method", "DELETE", "/api/v3/balance", 404],
    ["a percent sign that encodes nothing", "GET", "/api/v3/predictions/%zz/result", 404],
    ["one that encodes no letter", "GET", "/api/v3/predictions/%ff%fe/result", 404],
    ["a model encoded so", "POST", "/api/v3/kwaivgi/%E0%A4%A", 400],
    ["a path that climbs", "GET", "/api/v3/../../etc/passwd", 404],
    ["a path of 20,000 characters", "GET", `/api/v3/${JUNK}`, 404],
    ["a model of as many", "POST", `/api/v3/${JUNK}/x`, 400],
    ["a webhook address of this gateway that is none", "POST", "/hooks/wavespeed/nobody", 404],
    ["a sandbox file that is none", "GET", "/sandbox/media/none/x.mp4", 404],
  ])("%s", async (_name, method, path, status) => {
    const { key } = await newTenant();
    const response = await call(key, method, path, method === "POST" ? {} : undefined);
    expect(response.status).toBe(status);
    expect((await response.text()).length).toBeLessThan(2_000);
  });

  test("a wrong method is told the right ones", async () => {
    const { key } = await newTenant();
    const allowed = async (method: string, path: string) => (await call(key, method, path)).headers.get("allow");
    expect(await allowed("DELETE", "/api/v3/balance")).toBe("GET");
    expect(await allowed("PUT", "/api/v3/predictions/delete")).toContain("POST");
    expect(await allowed("GET", `/api/v3/${T2V}`)).toBe("POST");
    expect(await allowed("GET", "/nowhere")).toBeNull();
  });

  test.each([
    ["an API key", "authorization", `Bearer ${JUNK}`, 401],
    ["an Idempotency-Key", "idempotency-key", JUNK, 400],
    ["tags", "x-wavegate-tags", `a=${JUNK}`, 400],
    ["a quote", "x-wavegate-quote", JUNK, 400],
    ["a priority", "x-wavegate-priority", JUNK, 400],
  ])("%s of 20,000 characters", async (_name, header, value, status) => {
    const { key } = await newTenant();
    const response = await call(
      header === "authorization" ? null : key,
      "POST",
      `/api/v3/${T2V}`,
      { prompt: "x" },
      {
        [header]: value,
      },
    );
    const error = await expectEnvelope(response, status, key);
    expect(JSON.stringify(error).length).toBeLessThan(1_000);
  });

  test("JSON is taken under any content type, and what is no JSON is told both", async () => {
    const { key } = await newTenant();
    const post = (body: string, type: string) => call(key, "POST", `/api/v3/${T2V}`, body, { "content-type": type });
    expect((await post('{"prompt": "[[sim: delay=1h]]"}', "application/x-www-form-urlencoded")).status).toBe(200);
    const refused = await post("prompt=x", "application/x-www-form-urlencoded");
    const fields = [{ field: "body" }, { field: "content-type", rule: "must be application/json" }];
    expect(await expectEnvelope(refused, 400, key)).toMatchObject({ code: "invalid_request", issues: fields });
    expect(await expectEnvelope(await post("{", "application/json"), 400, key)).toMatchObject({
      issues: [{ field: "body", rule: "must be JSON" }],
    });
  });
});

describe("what WaveSpeed says of an upload", () => {
  const TICKET = { filename: "a.png", size: 1, content_type: "image/png" };

  test.each([
    [429, { "retry-after": "17" }, 429, "17", "wavespeed"],
    [429, {}, 429, "60", "wavespeed"],
    [413, {}, 413, null, "wavespeed"],
    [415, {}, 400, null, "wavespeed"],
    [401, {}, 503, "5", "wavegate"],
    [500, {}, 503, "5", "wavegate"],
  ])("%i %j is told as %i, and whose word it is", async (said, headers, status, retryAfter, source) => {
    const { key } = await newTenant(null, "test");
    const answer = () => Response.json({ code: said, message: "about the file" }, { status: said, headers });
    const upstream = { SIMULATOR: { fetch: () => Promise.resolve(answer()) } };
    const response = await callWith(upstream, key, "POST", "/api/v3/media/uploads", TICKET);
    expect(response.headers.get("retry-after")).toBe(retryAfter);
    expect(await expectEnvelope(response, status, key)).toMatchObject({ source });
  });
});

describe("what is down answers 503 with a time to come back, and is not blamed on the client", () => {
  const OVERLOADED = marked("Durable Object is overloaded. Too many requests queued.", { overloaded: true });
  const LOST = marked("Network connection lost.", { retryable: true });
  const RESET = marked("Durable Object reset because its code was updated.", { durableObjectReset: true });
  const JOB = (tenant: string): string => `/api/v3/predictions/${tenant}0000${"1".repeat(16)}/result`;

  test.each([
    ["the ledger is overloaded", { TENANT_LEDGER: throwing(OVERLOADED) }, () => "/api/v3/balance", "10"],
    ["the ledger is lost", { TENANT_LEDGER: throwing(LOST) }, () => "/api/v3/balance", "1"],
    ["the tracker is overloaded", { JOB_TRACKER: throwing(OVERLOADED) }, JOB, "10"],
    ["the tracker is new", { JOB_TRACKER: throwing(RESET) }, JOB, "1"],
    ["the settings cannot be read", { CONTROL: NO_D1 }, () => "/api/v3/models", "5"],
  ])("%s", async (_name, broken, path, retryAfter) => {
    const { id, key } = await newTenant();
    const response = await callWith(broken, key, "GET", path(id));
    expect(response.headers.get("retry-after")).toBe(retryAfter);
    expect(await expectEnvelope(response, 503, key)).toMatchObject({ source: "wavegate", retryable: true });
  });

  test.each(["/api/v3/predictions", "/api/v3/billings/search", "/api/v3/user/usage_stats"])(
    "the database of lists and bills is away: POST %s",
    async (path) => {
      const { key } = await newTenant();
      const span = { start_time: "2026-11-01T00:00:00Z", end_time: "2026-11-02T00:00:00Z" };
      const response = await callWith({ REPORT: NO_D1 }, key, "POST", path, path.endsWith("stats") ? span : {});
      expect(response.headers.get("retry-after")).toBe("1");
      expect(await expectEnvelope(response, 503, key)).toMatchObject({ code: "gateway_unavailable" });
    },
  );

  test("WaveSpeed's webhook is told to come again", async () => {
    const { id, key } = await newTenant();
    const job = `${id}0000${"1".repeat(16)}`;
    const path = `/hooks/wavespeed/${job}?t=${hookToken(job, parseConfig(testEnv).secrets)}`;
    const response = await callWith({ JOB_TRACKER: throwing(LOST) }, null, "POST", path, { id: "x" });
    expect(response.headers.get("retry-after")).toBe("1");
    expect(await expectEnvelope(response, 503, key)).toMatchObject({ code: "gateway_unavailable" });
  });

  test("the management API says it in its own form", async () => {
    const { key } = await newTenant();
    const response = await callWith({ TENANT_LEDGER: throwing(OVERLOADED) }, key, "GET", "/v1/me");
    expect(response.status).toBe(503);
    expect(response.headers.get("retry-after")).toBe("10");
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.json()).toMatchObject({ code: "gateway_unavailable", status: 503, retryable: true });
  });

  test("an exception of our own is 500, without its text", async () => {
    const { key } = await newTenant();
    const bug = throwing(new TypeError("Cannot read properties of undefined (reading 'sql') at ledger.ts:1:2"));
    const response = await callWith({ TENANT_LEDGER: bug }, key, "GET", "/api/v3/balance");
    expect(response.headers.has("retry-after")).toBe(false);
    expect(await expectEnvelope(response, 500, key)).toMatchObject({ code: "internal", retryable: false });
  });

  test("a gateway that is set up wrong says so to its operator and not to the world", async () => {
    for (const path of ["/api/v3/balance", "/v1/me"]) {
      const response = await callWith({ WAVEGATE_SECRET: "1:not-hex" }, "x", "GET", path);
      expect(response.status).toBe(500);
      expect(await response.text()).not.toContain("not-hex");
    }
  });
});
