import { beforeAll, expect, test } from "vitest";
import type { JobFacts, JournalEntry } from "../../../src/ledger/journal-entry.ts";
import { applyEntries } from "../../../src/reporting/apply-entries.ts";
import { callerWith, migrate, MODEL, operatorKey, report, reserve, tenantWithKey, type Call } from "./api.ts";

let operator: Call;
beforeAll(async () => {
  await migrate();
  operator = callerWith((await operatorKey()).key);
});

const DAY = "2026-11-20";
const AT = Date.parse(`${DAY}T10:00:00Z`);

/** Captured jobs of these keys, in the report. Cost 1.30, price 1.495. */
async function captured(tenant: string, facts: Partial<JobFacts>[]): Promise<void> {
  const entries = facts.flatMap((more, index): JournalEntry[] => {
    const job: JobFacts = {
      jobId: `${tenant}0000${index.toString(16).padStart(16, "0")}`,
      mode: "live",
      keyId: "f".repeat(16),
      team: "red",
      model: MODEL,
      tags: {},
      seconds: 5,
      costMicros: 1_300_000,
      priceMicros: 1_495_000,
      rateVersion: 1,
      basis: { markupBps: 1_500 },
      pricingVersion: 2,
      onCredit: false,
      admittedAt: AT + index,
      ...more,
    };
    const at = { at: AT, localDay: DAY, hash: "h" };
    return [
      { ...at, seq: index * 2 + 1, body: { kind: "hold", job } },
      { ...at, seq: index * 2 + 2, body: { kind: "capture", job, outcome: "completed", endedAt: AT + 60_000 } },
    ];
  });
  await applyEntries(report, tenant, entries);
}

test("me shows the limits that bind this key, and the tenant's credit", async () => {
  const { at, keyId, asTenant } = await tenantWithKey(operator, { team: "red", scopes: ["read"] });
  const put = (id: string, scope: unknown, mode = "live") =>
    operator("PUT", `${at}/limits/${id}`, { scope, mode, concurrent_jobs: 1 });
  await put("whole", { tenant: true });
  await put("red", { team: "red" });
  await put("blue", { team: "blue" });
  await put("own", { key: keyId });
  await put("other", { key: "f".repeat(16) });
  await put("sandbox", { tenant: true }, "test");
  await operator("PUT", `${at}/credit`, { limit: "7" });
  const { body } = await asTenant("GET", "/v1/me");
  expect((body["limits"] as { id: string }[]).map(({ id }) => id).toSorted()).toEqual(["own", "red", "whole"]);
  expect(body).toMatchObject({ key: { scopes: ["read"] }, credit: { limit: "7.000000", available: "7.000000" } });
});

test("a sandbox key has no credit: it is never billed", async () => {
  const { at, asTenant } = await tenantWithKey(operator, { mode: "test" });
  await operator("PUT", `${at}/credit`, { limit: "7" });
  expect((await asTenant("GET", "/v1/me")).body["credit"]).toBeNull();
});

test("usage and jobs are those of this key, of no other key and no other tenant", async () => {
  const { tenant, keyId, asTenant } = await tenantWithKey(operator);
  const other = await tenantWithKey(operator);
  await captured(tenant, [{ keyId }, { keyId, team: null }, {}, { keyId, mode: "test" }]);
  await captured(other.tenant, [{ keyId }]);
  const sum = { jobs: 1, seconds: 5, price: "1.495000" };
  const span = `from=${DAY}&to=${DAY}`;
  const usage = await asTenant("GET", `/v1/me/usage?${span}&group_by=day,team`);
  expect(usage.status).toBe(200);
  expect(usage.body).toEqual({
    from: DAY,
    to: DAY,
    counted_at: "capture",
    data: [
      { day: DAY, team: null, ...sum },
      { day: DAY, team: "red", ...sum },
    ],
    total: { jobs: 2, seconds: 10, price: "2.990000" },
  });
  expect((await asTenant("GET", `/v1/me/usage?${span}&mode=test`)).body["total"]).toEqual(sum);

  const first = await asTenant("GET", "/v1/me/jobs?limit=2");
  const rest = await asTenant("GET", `/v1/me/jobs?limit=2&cursor=${String(first.body["next_cursor"])}`);
  const jobs = [first, rest].flatMap(({ body }) => body["data"] as { id: string; key: string }[]);
  expect(jobs.map(({ key }) => key)).toEqual([keyId, keyId, keyId]);
  expect(jobs.every(({ id }) => id.startsWith(tenant))).toBe(true);
  expect((await asTenant("GET", "/v1/me/jobs?team=red&mode=live")).body["data"]).toHaveLength(1);
  expect((await asTenant("GET", "/v1/me/jobs?status=failed")).body["data"]).toEqual([]);
});

test("a sandbox key's usage is of the sandbox unless it asks otherwise", async () => {
  const { tenant, keyId, asTenant } = await tenantWithKey(operator, { mode: "test" });
  await captured(tenant, [{ keyId, mode: "test" }]);
  const usage = await asTenant("GET", `/v1/me/usage?from=${DAY}&to=${DAY}`);
  expect(usage.body["total"]).toMatchObject({ jobs: 1 });
});

test.each(["usage?key=ffffffffffffffff", "jobs?key=ffffffffffffffff", "jobs?tenant=1", "usage?group_by=cost"])(
  "/v1/me/%s is refused: nobody looks past their own key",
  async (path) => {
    const { asTenant } = await tenantWithKey(operator);
    const answer = await asTenant("GET", `/v1/me/${path}`);
    const field = /\?(\w+)=/.exec(path)?.[1];
    expect(answer.body).toMatchObject({ status: 400, code: "invalid_request", errors: [{ field }] });
  },
);

interface Schema {
  $ref?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
  allOf?: Schema[];
}

interface Described {
  paths: Record<string, Record<string, { security?: object[]; responses: Record<string, { content?: object }> }>>;
  components: { schemas: Record<string, Schema> };
}

/** Every name of a member that an answer may have, at any depth. */
function membersOf(schema: Schema | undefined, schemas: Record<string, Schema>): string[] {
  if (!schema) return [];
  const named = schema.$ref ? [schemas[schema.$ref.split("/").at(-1) ?? ""]] : [];
  const inner = [...named, schema.items, ...(schema.anyOf ?? []), ...(schema.allOf ?? [])];
  const own = Object.entries(schema.properties ?? {});
  return [
    ...own.map(([name]) => name),
    ...[...inner, ...own.map(([, member]) => member)].flatMap((part) => membersOf(part, schemas)),
  ];
}

test("nothing that a tenant's key is answered shows cost or mark-up", async () => {
  const { body } = await callerWith(null)("GET", "/openapi.json");
  const { paths, components } = body as unknown as Described;
  const open = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, call]) => ({ name: `${method} ${path}`, path, ...call })),
  );
  const forTenants = open.filter(
    ({ path, security }) => path.startsWith("/v1/") && (security ?? []).some((scheme) => "tenantKey" in scheme),
  );
  expect(forTenants.map(({ name }) => name).toSorted()).toEqual([
    "get /v1/me",
    "get /v1/me/jobs",
    "get /v1/me/usage",
    "post /v1/quotes",
  ]);
  for (const { name, responses } of forTenants) {
    const content = responses["200"]?.content as { "application/json": { schema: Schema } };
    const members = membersOf(content["application/json"].schema, components.schemas);
    expect(members.length).toBeGreaterThan(0);
    // The quote's cost is there for operators; that tenants do not get it is looked at below.
    const secret = members.filter((member) => /cost|markup|basis/.test(member));
    expect(secret, name).toEqual(name === "post /v1/quotes" ? ["cost"] : []);
  }
});

test("the answers themselves have no cost either: not as a name, not as a number", async () => {
  const { at, tenant, key, keyId, asTenant } = await tenantWithKey(operator);
  await operator("PUT", `${at}/pricing`, { markup_bps: 1_500 });
  await operator("PUT", `${at}/budgets/main`, { scope: { tenant: true }, limit: "13", window: "total" });
  await reserve(tenant, key);
  await captured(tenant, [{ keyId }]);
  const input = { image: "https://example.com/a.png", prompt: "a cat", duration: "5" };
  const texts = [
    await asTenant("GET", "/v1/me"),
    await asTenant("GET", `/v1/me/usage?from=${DAY}&to=${DAY}&group_by=day,model,key`),
    await asTenant("GET", "/v1/me/jobs"),
    await asTenant("POST", "/v1/quotes", { model: MODEL, input }),
  ];
  for (const { status, text } of texts) {
    expect(status).toBe(200);
    expect(text).toContain("1.495000");
    expect(text).not.toMatch(/cost|markup|"1\.300000"|"0\.260000"|1500/);
  }
});
