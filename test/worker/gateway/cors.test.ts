import { describe, expect, test } from "vitest";
import { forgetSettings, writeAllowedOrigins } from "../../../src/settings/index.ts";
import { testEnv } from "../../support/test-env.ts";
import { call, envelope, newTenant, T2V, type TestTenant } from "./api.ts";
import { callWith, marked, NO_D1, throwing } from "./broken.ts";
import { PROVOKED } from "./provoked.ts";

const PAGE = "https://app.example.com";
const SUBMIT = `/api/v3/${T2V}`;
const WAITS = { prompt: "[[sim: delay=1h]]" };

async function tenantListing(...origins: string[]): Promise<TestTenant> {
  const tenant = await newTenant();
  await writeAllowedOrigins(testEnv.CONTROL, tenant.id, origins);
  forgetSettings(testEnv.CONTROL);
  return tenant;
}

/** What a browser asks before a call that bears a key; it sends none itself. */
const preflight = (origin: string, path = SUBMIT, method = "POST"): Promise<Response> =>
  call(null, "OPTIONS", path, undefined, {
    origin,
    "access-control-request-method": method,
    "access-control-request-headers": "authorization,content-type,x-client-name",
  });

const allowedFor = (response: Response): string | null => response.headers.get("access-control-allow-origin");

describe("a preflight", () => {
  test("is answered for a page that some tenant lists, with what its calls need", async () => {
    await tenantListing(PAGE);
    const response = await preflight(PAGE);
    expect(response.status).toBe(204);
    expect(allowedFor(response)).toBe(PAGE);
    expect(response.headers.get("access-control-allow-methods")).toBe("GET,HEAD,POST,PUT,DELETE");
    expect(response.headers.get("access-control-allow-headers")).toBe("authorization,content-type,x-client-name");
    expect(response.headers.get("access-control-max-age")).toBe("600");
    expect(response.headers.get("access-control-allow-credentials")).toBeNull();
    expect(response.headers.get("vary")).toContain("Origin");
  });

  test.each(["https://evil.example", "https://app.example.com.evil.example", "http://app.example.com", "null", "*"])(
    "from %s is not: no tenant lists it",
    async (origin) => {
      await tenantListing(PAGE);
      const response = await preflight(origin);
      expect(response.status).toBe(404);
      expect([...response.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
    },
  );

  test("is not, once no tenant lists the page any more", async () => {
    const gone = "https://gone.example.com";
    const { id } = await tenantListing(gone);
    expect((await preflight(gone)).status).toBe(204);
    await writeAllowedOrigins(testEnv.CONTROL, id, []);
    forgetSettings(testEnv.CONTROL);
    expect((await preflight(gone)).status).toBe(404);
  });
});

describe("an answer", () => {
  test("is for a page that the key's own tenant lists, and shows it the headers", async () => {
    const { key } = await tenantListing(PAGE, "http://localhost:3000");
    for (const origin of [PAGE, "http://localhost:3000"]) {
      const response = await call(key, "POST", SUBMIT, WAITS, { origin });
      expect(response.status).toBe(200);
      expect(allowedFor(response)).toBe(origin);
      expect(response.headers.get("vary")).toContain("Origin");
      const exposed = response.headers.get("access-control-expose-headers")?.split(",") ?? [];
      for (const name of response.headers.keys()) {
        if (name.startsWith("x-wavegate-")) expect(exposed).toContain(name);
      }
      expect(exposed).toEqual(expect.arrayContaining(["etag", "retry-after", "ratelimit", "idempotency-replayed"]));
    }
  });

  test("is for no other: another tenant's page, a stranger's key, no key", async () => {
    await tenantListing(PAGE);
    const other = await tenantListing("https://other.example.com");
    for (const key of [other.key, `${other.key.slice(0, -4)}AAAA`, null]) {
      const response = await call(key, "GET", "/api/v3/balance", undefined, { origin: PAGE });
      expect(allowedFor(response)).toBeNull();
      expect(response.headers.get("vary")).toContain("Origin");
    }
  });

  test("without an origin is as it was, and says that it depends on one", async () => {
    const { key } = await tenantListing(PAGE);
    const response = await call(key, "GET", "/api/v3/balance");
    expect(allowedFor(response)).toBeNull();
    expect(response.headers.get("vary")).toBe("Origin");
    expect(await envelope(response)).toMatchObject({ code: 200 });
  });

  test("that refuses is for the page too, so that it can be read there", async () => {
    const { key } = await tenantListing(PAGE);
    const page = { origin: PAGE };
    const none = `/api/v3/predictions/${"0".repeat(32)}`;
    const down = throwing(marked("Durable Object is overloaded.", { overloaded: true }));
    const answers: [number, Response][] = [
      [400, await call(key, "POST", SUBMIT, {}, page)],
      [404, await call(key, "GET", none, undefined, page)],
      [404, await call(key, "DELETE", "/api/v3/balance", undefined, page)],
      [503, await callWith({ TENANT_LEDGER: down }, key, "GET", "/api/v3/balance", undefined, page)],
      [
        500,
        await callWith({ TENANT_LEDGER: throwing(new Error("bug")) }, key, "GET", "/api/v3/balance", undefined, page),
      ],
    ];
    for (const [status, response] of answers) {
      expect(response.status).toBe(status);
      expect(allowedFor(response), String(status)).toBe(PAGE);
    }
  });

  test.each([
    ["key_revoked", 401],
    ["no_budget", 402],
    ["tenant_suspended", 403],
  ] as const)("also after %s: %i", async (code, status) => {
    const tenant = await tenantListing(PAGE);
    expect((await PROVOKED[code](tenant)).status).toBe(status);
    const response = await call(tenant.key, "POST", SUBMIT, WAITS, { origin: PAGE });
    expect(response.status).toBe(status);
    expect(allowedFor(response)).toBe(PAGE);
  });

  test("of a stream of events and of a sandbox's file is for it as well", async () => {
    const { key } = await tenantListing(PAGE);
    const made = await envelope(await call(key, "POST", SUBMIT, WAITS));
    const events = await call(key, "GET", `/api/v3/predictions/${String(made.data["id"])}/events`, undefined, {
      origin: PAGE,
    });
    expect(allowedFor(events)).toBe(PAGE);
    await events.body?.cancel();
    expect(allowedFor(await call(null, "GET", "/sandbox/media/a/b.mp4", undefined, { origin: PAGE }))).toBe(PAGE);
    expect((await preflight(PAGE, "/sandbox/media/uploads/a/b/c.png", "PUT")).status).toBe(204);
  });
});

test("where D1 is away nothing is allowed, and calls go on as they can", async () => {
  const { key } = await tenantListing(PAGE);
  const response = await callWith({ CONTROL: NO_D1 }, key, "GET", "/api/v3/balance", undefined, { origin: PAGE });
  expect(response.status).toBe(200);
  expect(allowedFor(response)).toBeNull();
});
