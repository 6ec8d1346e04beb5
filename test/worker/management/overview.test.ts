import { beforeAll, expect, test } from "vitest";
import { formatMicros, parseMicros } from "../../../src/money/index.ts";
import { callerWith, migrate, newTenant, operatorKey, report, tenantWithKey, type Call, type Json } from "./api.ts";
import { captures, randomRun } from "./random-run.ts";
import { signedIn } from "./signed-in.ts";

let operator: Call;
beforeAll(async () => {
  await migrate();
  operator = callerWith((await operatorKey()).key);
});

interface Sums {
  jobs: number;
  price: string;
  cost?: string;
}
type Line = Sums & { name: string | null; others: boolean; values: string[] };

const micros = (amount: unknown): number => {
  const parsed = parseMicros(String(amount));
  if (!parsed.ok) throw new Error(`${String(amount)} is no amount`);
  return parsed.value;
};
const total = (amounts: readonly unknown[]): string =>
  formatMicros(amounts.reduce<number>((sum, a) => sum + micros(a), 0));

test("every sum equals the ledger's, to the micro-dollar, after a random run", async () => {
  const before = (await operator("GET", "/v1/overview")).body["spend"] as Record<string, Sums>;
  const { at, tenant, entries } = await randomRun(operator);
  const { status, body } = await operator("GET", `${at}/overview`);
  expect(status).toBe(200);
  const captured = captures(entries);
  const spend = body["spend"] as Record<string, Sums & { cost: string; margin: string }>;
  const price = formatMicros(captured.reduce((sum, job) => sum + job.priceMicros, 0));
  const cost = formatMicros(captured.reduce((sum, job) => sum + job.costMicros, 0));
  const margin = formatMicros(micros(price) - micros(cost));
  expect(spend["month"]).toEqual({ jobs: captured.length, price, cost, margin });

  const budgets = body["budgets"] as (Json & { id: string })[];
  const whole = budgets.find(({ id }) => id === "whole");
  expect(whole).toMatchObject({ captured: price, held: body["held"], held_jobs: body["running_jobs"] });
  for (const lines of ["by_model", "by_team", "by_key"].map((name) => body[name] as Line[])) {
    expect(total(lines.map((line) => line.price))).toBe(price);
    expect(total(lines.flatMap(({ values }) => values))).toBe(price);
  }
  const red = (body["by_team"] as Line[]).find(({ name }) => name === "red");
  expect(red?.price ?? "0.000000").toBe(budgets.find(({ id }) => id === "red")?.["captured"]);
  expect(total(body["by_day"] as string[])).toBe(price);

  const failed = entries.filter((entry) => entry.body.kind === "release").length;
  expect(body["outcomes"]).toMatchObject({ completed: captured.length, failed, cancelled: 0 });
  // Too little to tell by: a day is not three.
  expect([body["month_forecast"], ...budgets.map(({ forecast }) => forecast)]).toEqual([null, null, null, null]);

  const used = await operator("GET", `${at}/usage?group_by=model,team,key`);
  expect(used.body["total"]).toMatchObject({ jobs: captured.length, price, cost });
  const tenants = await operator("GET", "/v1/tenants?include=balance");
  const listed = (tenants.body["data"] as (Json & { id: string })[]).find(({ id }) => id === tenant);
  const { held, running_jobs } = body;
  expect(listed?.["balance"]).toEqual({ month: price, held, running_jobs, credit: null });

  const after = (await operator("GET", "/v1/overview")).body["spend"] as Record<string, Sums>;
  expect(micros(after["today"]?.price) - micros(before["today"]?.price)).toBe(micros(spend["today"]?.price));
  expect(micros(after["month"]?.price) - micros(before["month"]?.price)).toBe(micros(price));
});

test("the gateway's spend, cost and margin by tenant are its tenants' own sums, and by name", async () => {
  const [one, other] = [await randomRun(operator), await randomRun(operator)];
  const { body } = await operator("GET", "/v1/overview");
  const { days, data } = body["by_tenant"] as { days: string[]; data: Json[] };
  expect(days).toEqual(body["days"]);
  const sum = (field: string) => data.reduce((all, line) => all + micros(line[field]), 0);
  const month = (body["spend"] as Record<string, Sums>)["month"];
  expect([sum("price"), sum("cost")]).toEqual([micros(month?.price), micros(month?.cost)]);
  for (const { tenant, entries } of [one, other]) {
    const captured = captures(entries);
    const price = captured.reduce((all, { priceMicros }) => all + priceMicros, 0);
    const cost = captured.reduce((all, { costMicros }) => all + costMicros, 0);
    expect(data.find((line) => line["tenant"] === tenant)).toMatchObject({
      name: "Acme",
      others: false,
      jobs: captured.length,
      price: formatMicros(price),
      cost: formatMicros(cost),
      margin: formatMicros(price - cost),
    });
  }
});

test("a member's overview is of the own team, and says nothing of costs, as nobody's does but an operator's", async () => {
  const { at, tenant, entries } = await randomRun(operator);
  const { call } = await signedIn({ places: [{ tenant, role: "member", team: "red" }] });
  const { body, text } = await call("GET", `${at}/overview`);
  const own = captures(entries).filter(({ team }) => team === "red");
  const spend = body["spend"] as Record<string, Sums>;
  expect(spend["month"]).toEqual({
    jobs: own.length,
    price: formatMicros(own.reduce((sum, job) => sum + job.priceMicros, 0)),
  });
  const ended = new Set(
    entries.flatMap(({ body: said }) => (said.kind === "capture" || said.kind === "release" ? [said.job.jobId] : [])),
  );
  const open = entries.flatMap(({ body: said }) =>
    said.kind === "hold" && said.job.team === "red" && !ended.has(said.job.jobId) ? [said.job] : [],
  );
  expect(body["running_jobs"]).toBe(open.length);
  expect(body["held"]).toBe(formatMicros(open.reduce((sum, job) => sum + job.priceMicros, 0)));
  expect((body["budgets"] as { id: string }[]).map(({ id }) => id)).toEqual(["red"]);
  expect(text).not.toMatch(/"(cost|margin)"|blue/);
  const owner = await signedIn({ places: [{ tenant, role: "owner" }] });
  const whole = await owner.call("GET", `${at}/overview`);
  expect(whole.text).toContain("blue");
  expect(whole.text).not.toMatch(/"(cost|margin)"/);
  expect((await owner.call("GET", "/v1/overview")).status).toBe(403);
  const stranger = await signedIn({ places: [{ tenant: await newTenant(operator), role: "owner" }] });
  expect((await stranger.call("GET", `${at}/overview`)).status).toBe(404);
});

test("a budget's forecast goes on at the pace of its scope", async () => {
  const { at, tenant, keyId } = await tenantWithKey(operator);
  for (const [id, scope] of Object.entries({ whole: { tenant: true }, key: { key: keyId }, none: { team: "none" } })) {
    await operator("PUT", `${at}/budgets/${id}`, { scope, limit: "100", window: "month" });
  }
  const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
  for (let ago = 1; ago <= 7; ago++) {
    await report
      .prepare(
        `INSERT INTO usage_days (tenant, mode, local_day, team, key_id, model, jobs, seconds, cost_micros, price_micros)
         VALUES (?1, 'live', ?2, '', ?3, 'm', 1, 5, 1, 7000000)`,
      )
      .bind(tenant, day(ago), keyId)
      .run();
  }
  const { body } = await operator("GET", `${at}/overview`);
  const ahead = Object.fromEntries(
    (body["budgets"] as Json[]).map((budget) => [budget["id"], budget["forecast"] as string | null]),
  );
  expect(ahead["key"]).toBe(ahead["whole"]);
  expect(ahead["none"]).toBeNull();
  const { window_end: end } = (body["budgets"] as Json[]).find(({ id }) => id === "whole") ?? {};
  const days = (Date.parse(String(end)) - Date.now()) / 86_400_000;
  expect(micros(ahead["whole"]) / 1_000_000).toBeCloseTo(7 * days, 1);
  expect(micros(body["month_forecast"])).toBeGreaterThanOrEqual(micros(ahead["whole"]));
});

test.each([
  ["from=2026-01-01", "from"],
  ["from=yesterday", "from"],
  ["to=2020-01-01", "to"],
  ["mode=all", "mode"],
  ["team=red", "team"],
])("an overview refuses %s", async (query, field) => {
  for (const path of ["/v1/overview", `/v1/tenants/${await newTenant(operator)}/overview`]) {
    const answer = await operator("GET", `${path}?${query}`);
    expect(answer.status).toBe(400);
    expect(answer.body["errors"]).toMatchObject([{ field }]);
  }
});

test("tenants with how they stand come 25 at a time", async () => {
  for (let made = 0; made < 27; made++) await newTenant(operator);
  const first = await operator("GET", "/v1/tenants?include=balance&limit=100");
  expect(first.body["data"]).toHaveLength(25);
  expect(first.body["next_cursor"]).not.toBeNull();
});
