import { beforeAll, expect, test } from "vitest";
import { ledgerOf } from "../../../src/ledger/ledger-of.ts";
import { isComplete } from "../../../src/management/is-complete.ts";
import { monthOf } from "../../../src/management/month-of.ts";
import { formatMicros, parseMicros } from "../../../src/money/index.ts";
import { replayJournal } from "../../../src/reporting/index.ts";
import { testEnv } from "../../support/test-env.ts";
import { callerWith, migrate, operatorKey, report, tenantWithKey, type Call, type Json } from "./api.ts";
import { captures, randomRun } from "./random-run.ts";
import { signedIn } from "./signed-in.ts";

let operator: Call;
beforeAll(async () => {
  await migrate();
  operator = callerWith((await operatorKey()).key);
});

const thisMonth = (): string => new Date().toISOString().slice(0, 7);
const today = (): string => new Date().toISOString().slice(0, 10);

const micros = (amount: unknown): number => {
  const parsed = parseMicros(String(amount));
  if (!parsed.ok) throw new Error(`${String(amount)} is no amount`);
  return parsed.value;
};

/** One column of a CSV that has no quoted cells before it. */
function column(csv: string, name: string): string[] {
  const [head = "", ...lines] = csv.trimEnd().split("\r\n");
  const at = head.split(",").indexOf(name);
  return lines.map((line) => line.split(",")[at] ?? "");
}
const sumOf = (amounts: readonly unknown[]): string =>
  formatMicros(amounts.reduce<number>((all, amount) => all + micros(amount), 0));

test("a statement, its CSV and the export of its jobs come to what the ledger captured, to the micro-dollar", async () => {
  const { at, entries } = await randomRun(operator);
  const captured = captures(entries);
  const price = sumOf(captured.map(({ priceMicros }) => formatMicros(priceMicros)));
  const cost = sumOf(captured.map(({ costMicros }) => formatMicros(costMicros)));
  expect(captured.length).toBeGreaterThan(0);

  const { status, body } = await operator("GET", `${at}/statements/${thisMonth()}`);
  expect(status).toBe(200);
  expect(body).toMatchObject({ closed: false, total: { jobs: captured.length, price, cost } });
  for (const by of ["by_model", "by_team", "by_key"]) {
    expect(sumOf((body[by] as Json[]).map((line) => line["price"]))).toBe(price);
  }
  const csv = await operator("GET", `${at}/statements/${thisMonth()}?format=csv`);
  expect([sumOf(column(csv.text, "price")), sumOf(column(csv.text, "cost"))]).toEqual([price, cost]);

  const span = `from=${today()}&to=${today()}`;
  const jobs = await operator("GET", `${at}/export?${span}&format=csv`);
  expect(jobs.headers.get("content-type")).toBe("text/csv; charset=utf-8");
  expect(column(jobs.text, "id")).toEqual(captured.map(({ jobId }) => jobId));
  expect(sumOf(column(jobs.text, "price"))).toBe(price);
  const lines = (await operator("GET", `${at}/export?${span}&format=ndjson`)).text.trimEnd().split("\n");
  expect(sumOf(lines.map((line) => (JSON.parse(line) as Json)["price"]))).toBe(price);
  expect((JSON.parse(lines[0] ?? "{}") as Json)["tags"]).toEqual({ film: "fox" });
  // Yesterday has none of them, and tomorrow neither.
  for (const day of [-86_400_000, 86_400_000].map((ms) => new Date(Date.now() + ms).toISOString().slice(0, 10))) {
    expect(column((await operator("GET", `${at}/export?from=${day}&to=${day}`)).text, "id")).toEqual([]);
  }
  const months = await operator("GET", `${at}/statements`);
  expect(months.body["data"]).toMatchObject([{ month: thisMonth(), closed: false }]);
});

test("a month's credit closes with the ledger's balance, and the next month begins with it, to the micro-dollar", async () => {
  const { at, tenant, entries } = await randomRun(operator, { onCredit: true });
  const all = captures(entries);
  const onCredit = all.filter((job) => job.onCredit);
  expect(onCredit.length).toBeGreaterThan(0);
  expect(onCredit.length).toBeLessThan(all.length);
  const moved = (...causes: string[]) =>
    formatMicros(
      entries.reduce(
        (all, { body }) => (body.kind === "credit" && causes.includes(body.cause) ? all + body.amountMicros : all),
        0,
      ),
    );
  const { balance } = (await operator("GET", `${at}/credit`)).body;
  const { body } = await operator("GET", `${at}/statements/${thisMonth()}`);
  expect(body["credit_known"]).toBe(true);
  expect(body["credit"]).toEqual({
    opening: "0.000000",
    top_ups: moved("top_up"),
    adjustments: moved("adjustment"),
    moved: moved("top_up", "adjustment"),
    captured: sumOf(onCredit.map(({ priceMicros }) => formatMicros(priceMicros))),
    closing: balance,
  });
  const [year = 0, month = 0] = thisMonth().split("-").map(Number);
  const next = new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 7);
  const none = { top_ups: "0.000000", adjustments: "0.000000", moved: "0.000000", captured: "0.000000" };
  expect((await operator("GET", `${at}/statements/${next}`)).body["credit"]).toEqual({
    opening: balance,
    ...none,
    closing: balance,
  });

  await report.prepare("UPDATE usage_events SET credit_micros = NULL WHERE tenant = ?1").bind(tenant).run();
  const unknown = (await operator("GET", `${at}/statements/${thisMonth()}`)).body;
  expect([unknown["credit_known"], unknown["credit"]]).toEqual([false, null]);
});

test("a month in which credit was only given has a statement; a tenant without credit has no account on it", async () => {
  const { at, tenant } = await tenantWithKey(operator);
  expect((await operator("GET", `${at}/statements/${thisMonth()}`)).body).toMatchObject({
    credit: null,
    credit_known: true,
  });
  await operator(
    "POST",
    `${at}/credit/top-ups`,
    { amount: "5", reason: "gift" },
    { "idempotency-key": crypto.randomUUID() },
  );
  await replayJournal(report, tenant, ledgerOf(testEnv, tenant), 1_000);
  expect((await operator("GET", `${at}/statements`)).body["data"]).toMatchObject([{ month: thisMonth() }]);
});

test("people of the tenant see prices alone, a member the own team's jobs and no statement", async () => {
  const { at, tenant, entries } = await randomRun(operator);
  const viewer = await signedIn({ places: [{ tenant, role: "viewer" }] });
  const member = await signedIn({ places: [{ tenant, role: "member", team: "red" }] });
  const span = `from=${today()}&to=${today()}`;
  for (const path of [`statements/${thisMonth()}`, `statements/${thisMonth()}?format=csv`, `export?${span}`]) {
    const seen = await viewer.call("GET", `${at}/${path}`);
    expect([path, seen.status]).toEqual([path, 200]);
    expect(seen.text).not.toMatch(/cost|margin/);
  }
  const own = captures(entries).filter(({ team }) => team === "red");
  expect(column((await member.call("GET", `${at}/export?${span}`)).text, "id")).toEqual(own.map(({ jobId }) => jobId));
  expect((await member.call("GET", `${at}/statements/${thisMonth()}`)).status).toBe(404);
  expect((await member.call("GET", `${at}/statements`)).status).toBe(404);
});

test("top-ups and adjustments are told once, with the balance after each, and come back with a rebuild", async () => {
  const { at, tenant } = await tenantWithKey(operator);
  const pay = (call: string, body: Json) =>
    operator("POST", `${at}/credit/${call}`, body, { "idempotency-key": crypto.randomUUID() });
  await pay("top-ups", { amount: "20.00", reason: "invoice 1" });
  await pay("adjustments", { amount: "-0.000001", reason: "rounding" });
  for (let again = 0; again < 2; again++) await replayJournal(report, tenant, ledgerOf(testEnv, tenant), 1_000);
  const { body } = await operator("GET", `${at}/statements/${thisMonth()}`);
  expect(body["movements"]).toMatchObject({
    sum: "19.999999",
    more: false,
    data: [
      { cause: "top_up", amount: "20.000000", balance: "20.000000", reason: "invoice 1" },
      { cause: "adjustment", amount: "-0.000001", balance: "19.999999", reason: "rounding" },
    ],
  });
});

test("a month is closed when it is over in the tenant's zone and D1 has all of it, never before", async () => {
  const { tenant } = await tenantWithKey(operator);
  const entry = (seq: number, at: number) => ({ seq, at, localDay: "2026-01-31", body: {}, hash: "x" });
  const { end } = monthOf("2026-01", "Europe/Berlin");
  expect(new Date(end).toISOString()).toBe("2026-01-31T23:00:00.000Z");
  const ask = (missing: unknown[], now: number) =>
    isComplete(report, { entries: () => Promise.resolve({ entries: missing, headSeq: 1 }) } as never, {
      tenant,
      until: end,
      now,
    });
  expect(await ask([], end - 1)).toBe(false);
  expect(await ask([], end)).toBe(true);
  expect(await ask([entry(1, end - 1)], end + 1)).toBe(false);
  expect(await ask([entry(1, end)], end + 1)).toBe(true);
});

test("months and days that cannot be are named", async () => {
  const { at } = await tenantWithKey(operator);
  for (const path of ["statements/2026-13", "statements/26-01"]) {
    expect([path, (await operator("GET", `${at}/${path}`)).status]).toEqual([path, 404]);
  }
  const turned = await operator("GET", `${at}/export?from=2026-02-02&to=2026-02-01`);
  expect([turned.status, turned.body["code"]]).toEqual([400, "invalid_request"]);
  expect((await operator("GET", `${at}/export?from=2026-02-30&to=2026-03-01`)).status).toBe(400);
});

test("a month of more lines than one statement has is refused by the name of what was asked for", async () => {
  const { at, tenant } = await tenantWithKey(operator);
  await report
    .prepare(
      `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
       INSERT INTO usage_days (tenant, mode, local_day, team, key_id, model, jobs, seconds, cost_micros, price_micros)
       SELECT ?1, 'live', '2026-05-' || printf('%02d', 1 + i % 31), '', 'k' || i, 'm', 1, 5, 1, 1 FROM n`,
    )
    .bind(tenant)
    .run();
  const { status, body } = await operator("GET", `${at}/statements/2026-05`);
  expect(status).toBe(400);
  expect(body["errors"]).toMatchObject([{ field: "month", value: "2026-05" }]);
  expect(body["detail"]).toContain("10000 lines");
});
