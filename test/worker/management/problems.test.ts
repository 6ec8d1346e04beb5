import { beforeAll, expect, test } from "vitest";
import { callerWith, migrate, operatorKey, tenantWithKey, type Call } from "./api.ts";

let operator: Call;
beforeAll(async () => {
  await migrate();
  operator = callerWith((await operatorKey()).key);
});

test("a refusal is a problem document with a code, and names every wrong field with its rule and value", async () => {
  const { status, headers, body } = await operator("POST", "/v1/tenants", {
    name: 7,
    time_zone: "Nowhere",
    plan: "gold",
  });
  expect(status).toBe(400);
  expect(headers.get("content-type")).toBe("application/problem+json");
  expect(body).toMatchObject({
    type: "urn:wavegate:error:invalid_request",
    title: "Invalid request",
    status: 400,
    code: "invalid_request",
    retryable: false,
    errors: [
      { field: "name", rule: "must be of type string", value: "7" },
      { field: "time_zone", rule: "must be an IANA time zone such as Europe/Berlin", value: '"Nowhere"' },
      { field: "plan", rule: "is not a field of this request", value: '"gold"' },
    ],
  });
  expect(body["detail"]).toContain("plan is not a field of this request");
});

test("malformed JSON, another content type, an empty body and a list are refused as such", async () => {
  const malformed = await operator("POST", "/v1/tenants", '{"name": ');
  expect(malformed.status).toBe(400);
  expect(malformed.body).toMatchObject({ code: "invalid_request", errors: [{ field: "body", rule: "must be JSON" }] });
  const form = await operator("POST", "/v1/tenants", "name=Acme", {
    "content-type": "application/x-www-form-urlencoded",
  });
  expect(form.status).toBe(400);
  expect(form.body).toMatchObject({ errors: [{ field: "content-type" }] });
  expect((await operator("POST", "/v1/tenants")).status).toBe(400);
  expect((await operator("POST", "/v1/tenants", [])).body).toMatchObject({ errors: [{ field: "body" }] });
});

test("a body above 1 MiB is 413, but only for a caller with a key", async () => {
  const large = { name: "x".repeat(1024 * 1024) };
  const refused = await operator("POST", "/v1/tenants", large);
  expect(refused.status).toBe(413);
  expect(refused.body["code"]).toBe("body_too_large");
  expect((await callerWith(null)("POST", "/v1/tenants", large)).status).toBe(401);
});

test("a route that takes no query names the one it was sent, after who may call it", async () => {
  const { at } = await tenantWithKey(operator);
  for (const path of [`${at}/balance`, at, "/v1/accounts"]) {
    const answer = await operator("GET", `${path}?mode=test`);
    expect([answer.status, answer.body["errors"]]).toEqual([
      400,
      [{ field: "mode", rule: "is not a field of this request", value: '"test"' }],
    ]);
    expect((await callerWith("wg_mgmt_wrong")("GET", `${path}?mode=test`)).status).toBe(401);
  }
});

test("an unknown path or method is a 404 problem, with a key; without one it is 401", async () => {
  for (const [method, path] of [
    ["GET", "/v1/nothing"],
    ["PATCH", "/v1/tenants"],
    ["GET", "/v1"],
  ] as const) {
    const answer = await operator(method, path);
    expect(answer.status, `${method} ${path}`).toBe(404);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect((await callerWith(null)(method, path)).status).toBe(401);
  }
});

test("a value is repeated shortened, and a key never", async () => {
  const key = `wg_live_${"A".repeat(63)}`;
  const long = await operator("POST", "/v1/tenants", { name: `${key} ${"y".repeat(5_000)}` });
  expect(long.status).toBe(400);
  expect(JSON.stringify(long.body)).not.toContain("AAAA");
  expect(JSON.stringify(long.body).length).toBeLessThan(1_000);
  const many = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`field${index}`, index]));
  const flooded = await operator("POST", "/v1/tenants", { name: "x", ...many });
  expect(flooded.body["errors"]).toHaveLength(20);
});

test("the description is OpenAPI 3.1, with the paths under /v1 and both kinds of key", async () => {
  const { body } = await callerWith(null)("GET", "/openapi.json");
  expect(body).toMatchObject({ openapi: "3.1.0", components: { securitySchemes: { operatorKey: {}, tenantKey: {} } } });
  const paths = Object.keys(body["paths"] as object);
  expect(paths).toContain("/v1/tenants/{tenant}/budgets/{budget_id}");
  const { post } = (body["paths"] as Record<string, { post?: { parameters?: object[] } }>)[
    "/v1/tenants/{tenant}/credit/top-ups"
  ] as { post: { parameters: object[] } };
  expect(post.parameters).toContainEqual(
    expect.objectContaining({ name: "idempotency-key", in: "header", required: true }),
  );
});
