import { expect, test } from "vitest";
import { describeApi } from "../../../src/management/index.ts";
import { managementApp } from "../../../src/management/management-app.ts";
import { stateReader } from "../../../src/management/state-reader.ts";
import { isOperatorsOnly, withoutOperatorsOnly } from "../../../src/management/without-operators-only.ts";
import { isSecretPlace, REDACTED, withoutSecrets } from "../../../src/management/without-secrets.ts";

interface Schema {
  $ref?: string;
  description?: string;
  type?: string | string[];
  properties?: Record<string, Schema>;
  items?: Schema;
  [combined: string]: unknown;
}

interface Operation {
  name: string;
  audit: false | { tells?: string[] } | undefined;
  schemas: Schema[];
}

const api = describeApi();
const schemas = { ...(api.components?.schemas as Record<string, Schema> | undefined) };

const operations: Operation[] = Object.entries(api.paths ?? {}).flatMap(([path, methods]) =>
  Object.entries(methods as Record<string, Record<string, unknown>>)
    .filter(([method]) => method !== "get")
    .map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      audit: operation["x-audit"] as Operation["audit"],
      schemas: schemasOf(operation["responses"]),
    })),
);

function schemasOf(responses: unknown): Schema[] {
  return Object.entries(responses as Record<string, { content?: Record<string, { schema: Schema }> }>)
    .filter(([status]) => status.startsWith("2"))
    .flatMap(([, { content }]) => Object.values(content ?? {}).map(({ schema }) => schema));
}

/** Every field of a schema, with its place as `withoutSecrets` names it. */
function fieldsOf(schema: Schema, place = "", depth = 0): { place: string; field: Schema }[] {
  if (depth > 12) return [];
  if (schema.$ref) {
    const named = schemas[schema.$ref.split("/").at(-1) ?? ""];
    return named ? fieldsOf(named, place, depth + 1) : [];
  }
  const combined = ["allOf", "anyOf", "oneOf"].flatMap((name) => (schema[name] as Schema[] | undefined) ?? []);
  const members = Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const at = place === "" ? name : `${place}.${name}`;
    return [{ place: at, field }, ...fieldsOf(field, at, depth + 1)];
  });
  const inner = [...combined, ...(schema.items ? [schema.items] : [])];
  return [...members, ...inner.flatMap((one) => fieldsOf(one, place, depth + 1))];
}

test("these operations alone leave no entry, since they change nothing", () => {
  expect(
    operations
      .filter(({ audit }) => audit === false)
      .map(({ name }) => name)
      .toSorted(),
  ).toEqual([
    "POST /v1/audit-log/verify",
    "POST /v1/passkeys/options",
    "POST /v1/quotes",
    "POST /v1/sign-in/passkey/options",
    "POST /v1/tenants/{tenant}/audit-log/verify",
    "POST /v1/tenants/{tenant}/budgets/{budget_id}/preview",
    "POST /v1/tenants/{tenant}/jobs",
  ]);
});

test("these alone tell what has a secret's name", () => {
  const tells = operations.flatMap(({ name, audit }) => (audit && audit.tells ? [[name, ...audit.tells]] : []));
  expect(tells).toEqual([
    ["PUT /v1/tenants/{tenant}/budgets/{budget_id}", "scope.key"],
    ["DELETE /v1/tenants/{tenant}/budgets/{budget_id}", "scope.key"],
    ["PUT /v1/tenants/{tenant}/limits/{limit_id}", "scope.key"],
    ["DELETE /v1/tenants/{tenant}/limits/{limit_id}", "scope.key"],
    ["POST /v1/tenants/{tenant}/webhooks", "url"],
    ["PATCH /v1/tenants/{tenant}/webhooks/{endpoint_id}", "url"],
    ["DELETE /v1/tenants/{tenant}/webhooks/{endpoint_id}", "url"],
  ]);
});

test("every operation that changes something is described, so that it goes through the log's one place", () => {
  const described = new Set(operations.map(({ name }) => name));
  const routes = managementApp().routes.filter(({ method }) => !["GET", "ALL"].includes(method));
  const path = (route: { path: string }) => `/v1${route.path.replaceAll(/:(\w+)/g, "{$1}")}`;
  expect(routes.map((route) => `${route.method} ${path(route)}`).filter((name) => !described.has(name))).toEqual([]);
});

test("no operation keeps what is shown once", () => {
  const kept = operations.filter(({ audit }) => audit !== false);
  const shownOnce = kept.flatMap(({ name, audit, schemas }) =>
    schemas
      .flatMap((schema) => fieldsOf(schema))
      .filter(({ field }) => /shown (this )?once|(shown|answered) only once/i.test(field.description ?? ""))
      .map(({ place }) => ({ name, place, kept: !isSecretPlace(place, (audit && audit.tells) || []) })),
  );
  expect(shownOnce).toContainEqual({ name: "POST /v1/management-keys", place: "key", kept: false });
  expect(shownOnce.length).toBeGreaterThanOrEqual(3);
  expect(shownOnce.filter((field) => field.kept)).toEqual([]);
});

test("what operators alone are told of a tenant is not kept where its people read it", () => {
  const told = Object.entries(api.paths ?? {})
    .filter(([path]) => path.startsWith("/v1/tenants/{tenant}"))
    .flatMap(([, methods]) => Object.values(methods as Record<string, Record<string, unknown>>))
    .flatMap((operation) => schemasOf(operation["responses"]).map((schema) => fieldsOf(schema)))
    // Of a group it says which of its members are.
    .flatMap((fields) => fields.filter(({ place }) => !fields.some((one) => one.place.startsWith(`${place}.`))))
    .filter(({ field }) => /(told|shown) to operators/i.test(field.description ?? ""))
    .map(({ place }) => place.slice(place.lastIndexOf(".") + 1));
  expect(told).toContain("margin");
  expect(told.filter((name) => !isOperatorsOnly(name))).toEqual([]);
  const job = { id: "j", cost: "1.300000", held: { margin: "0.1", list: [{ upstream_id: "t", price: "1.40" }] } };
  expect(withoutOperatorsOnly(job)).toEqual({ id: "j", held: { list: [{ price: "1.40" }] } });
});

test("secrets are kept out at any depth, by name and by what they look like", () => {
  const value = {
    key: "x",
    list: [{ access_token: "y" }],
    scope: { key: "k1" },
    note: `a wg_live_${"a".repeat(63)} and whsec_xyz`,
    monkey: "m",
    prefix: "wg_live_abcd",
  };
  expect(withoutSecrets(value, ["scope.key"])).toEqual({
    key: REDACTED,
    list: [{ access_token: REDACTED }],
    scope: { key: "k1" },
    note: `a ${REDACTED} and ${REDACTED}`,
    monkey: "m",
    prefix: "wg_live_abcd",
  });
});

test("the state before is read where there is a GET that shows it", () => {
  const reads = new Set(["/t/{t}", "/t/{t}/keys", "/t/{t}/keys/{k}", "/t/{t}/budgets", "/t/{t}/credit"]);
  expect(stateReader("patch", "/t/{t}/keys/{k}", reads)).toEqual({ path: "/t/{t}/keys/{k}", pick: null });
  expect(stateReader("put", "/t/{t}/budgets/{b}", reads)).toEqual({ path: "/t/{t}/budgets", pick: "b" });
  expect(stateReader("post", "/t/{t}/keys/{k}/rotate", reads)).toEqual({ path: "/t/{t}/keys/{k}", pick: null });
  expect(stateReader("post", "/t/{t}/credit/top-ups", reads)).toEqual({ path: "/t/{t}/credit", pick: null });
  expect(stateReader("post", "/t/{t}/keys", reads)).toBeNull();
  expect(stateReader("post", "/jobs/{j}/resolve", reads)).toBeNull();
});
