import { beforeAll, expect, test } from "vitest";
import { callerWith, migrate, operatorKey, tenantWithKey, type Call } from "./api.ts";

let operator: Call;
beforeAll(async () => {
  await migrate();
  operator = callerWith((await operatorKey()).key);
});

const PAGE = "https://console.example.com";

test("a tenant's origins are its own, act on calls with its keys, and are replaced as a whole", async () => {
  const { at, asTenant } = await tenantWithKey(operator);
  const other = await tenantWithKey(operator);
  const seenBy = async (caller: Call, origin: string) =>
    (await caller("GET", "/api/v3/balance", undefined, { origin })).headers.get("access-control-allow-origin");
  expect((await operator("GET", at)).body["allowed_origins"]).toEqual([]);
  expect(await seenBy(asTenant, PAGE)).toBeNull();

  const listed = [PAGE, "http://localhost:5173"];
  const { status, body } = await operator("PATCH", at, { allowed_origins: listed });
  expect(status).toBe(200);
  expect(body["allowed_origins"]).toEqual(listed);
  expect(await operator("GET", at)).toMatchObject({ body: { allowed_origins: listed } });
  for (const origin of listed) expect(await seenBy(asTenant, origin)).toBe(origin);
  expect(await seenBy(other.asTenant, PAGE)).toBeNull();

  await operator("PATCH", at, { allowed_origins: ["http://localhost:5173"], queue_weight: 3 });
  expect(await seenBy(asTenant, PAGE)).toBeNull();
  expect(await operator("GET", at)).toMatchObject({ body: { queue_weight: 3 } });
  await operator("PATCH", at, { queue_weight: 4 });
  expect(await seenBy(asTenant, "http://localhost:5173")).toBe("http://localhost:5173");
});

test.each([
  "*",
  "null",
  "",
  "app.example.com",
  "https://app.example.com/",
  "https://app.example.com/page",
  "https://app.example.com:443",
  "https://APP.example.com",
  "https://*.example.com",
  "https://user@app.example.com",
  "http://app.example.com",
  "http://localhost.example.com",
  "ftp://app.example.com",
  "file://",
  "chrome-extension://abc",
])("%j is no origin that can be listed", async (origin) => {
  const { at } = await tenantWithKey(operator);
  const { status, body } = await operator("PATCH", at, { allowed_origins: [origin] });
  expect(status).toBe(400);
  expect(body).toMatchObject({ errors: [{ field: "allowed_origins.0" }] });
});

test.each(["https://a.example:8443", "http://127.0.0.1:8080", "http://[::1]:3000", "http://app.localhost"])(
  "%s is one",
  async (origin) => {
    const { at } = await tenantWithKey(operator);
    expect((await operator("PATCH", at, { allowed_origins: [origin] })).status).toBe(200);
  },
);

test("there are at most twenty, each once", async () => {
  const { at } = await tenantWithKey(operator);
  const many = Array.from({ length: 21 }, (_, n) => `https://a${n}.example`);
  expect((await operator("PATCH", at, { allowed_origins: many })).status).toBe(400);
  expect((await operator("PATCH", at, { allowed_origins: [PAGE, PAGE] })).status).toBe(400);
  expect((await operator("PATCH", at, { allowed_origins: many.slice(1) })).status).toBe(200);
});
