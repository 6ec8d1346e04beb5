import { afterAll, beforeAll, expect, test } from "vitest";
import { makeApp } from "../../../src/app.ts";
import { consoleApp } from "../../../src/console/index.ts";
import { testEnv } from "../../support/test-env.ts";
import { control, MODEL, report } from "../management/api.ts";
import { signedIn } from "../management/signed-in.ts";
import { countingReads } from "../reporting/counting-reads.ts";
import { seedJobs } from "../reporting/many-jobs.ts";
import { seedControl } from "./many-rows.ts";
import { newPlace } from "./place.ts";

/** What one page may read of both databases together, whatever they hold: D1 bills rows. */
const ROWS_MAX = 5_000;
const JOBS = 1_000_000;
const LOOKS = 5;

const now = Date.now();
const month = new Date(now).toISOString().slice(0, 7);

/** Every page by its path as the console registers it, with what it is asked for. */
const GATEWAYS: Readonly<Record<string, readonly string[]>> = {
  "/console/me": [""],
  "/console/gateway": ["", "?from=DAY_90"],
  "/console/tenants": ["", "?q=Tenant"],
  "/console/tenants/:id": [""],
  "/console/people": [""],
  "/console/people/:person": [""],
  "/console/people/refused-sign-ins": [""],
  "/console/operator-keys": [""],
  "/console/models": [""],
  "/console/models/prices": ["?model=MODEL"],
  "/console/upstream": ["", "?state=unknown"],
  "/console/upstream/jobs/:tenant/:job": [""],
  "/console/audit-log": ["", "?actor=person:7"],
  "/docs": [""],
};
const TENANTS: Readonly<Record<string, readonly string[]>> = {
  "/console/t/:tenant/overview": ["", "?by=key&from=DAY_90"],
  "/console/t/:tenant/jobs": [
    "",
    "?model=rare",
    "?status=failed&team=team_0",
    "?key=0000000000000000",
    "?q=TENANT0",
    "?from=DAY_300&to=DAY_270",
  ],
  "/console/t/:tenant/jobs/:id": [""],
  "/console/t/:tenant/playground": [""],
  "/console/t/:tenant/keys": [""],
  "/console/t/:tenant/keys/new": [""],
  "/console/t/:tenant/keys/:key": [""],
  "/console/t/:tenant/budgets": [""],
  "/console/t/:tenant/budgets/edit": [""],
  "/console/t/:tenant/limits": [""],
  "/console/t/:tenant/limits/edit": [""],
  "/console/t/:tenant/teams": [""],
  "/console/t/:tenant/members": [""],
  "/console/t/:tenant/members/:person": [""],
  "/console/t/:tenant/webhooks": [""],
  "/console/t/:tenant/webhooks/:endpoint": [""],
  "/console/t/:tenant/webhooks/deliveries": ["", "?state=pending"],
  "/console/t/:tenant/webhooks/deliveries/:delivery": [""],
  "/console/t/:tenant/audit-log": ["", "?actor=person:7"],
  "/console/t/:tenant/billing": [""],
  "/console/t/:tenant/billing/:month{[0-9]{4}-[0-9]{2}}": [""],
};
/** Files of as many rows as are asked for, and what leads elsewhere. */
const NO_PAGES = /\/export$|:file|\/assets\/|^\/console$|\/sign-in/;

const app = makeApp();
const counted = { control: countingReads(control), report: countingReads(report) };
const figures: { who: string; page: string; rows: number; ms: number }[] = [];
const about: Record<string, string> = { month };
const cookies: Record<string, string> = {};

beforeAll(async () => {
  const place = await newPlace();
  const { tenant, at, operator } = place;
  await seedJobs(report, { tenant, jobs: JOBS, until: now, days: 365 });
  await seedControl(tenant);
  const key = (await operator("POST", `${at}/keys`, { name: "farm" })).body["id"];
  for (let made = 0; made < 60; made++)
    await operator("PUT", `${at}/budgets/b${made}`, { scope: { team: `team_${made}` }, limit: "5", window: "month" });
  const url = "https://hooks.example.com/a";
  const endpoint = (await operator("POST", `${at}/webhooks`, { url })).body["id"];
  await operator("POST", `${at}/webhooks/${String(endpoint)}/test`);
  const [delivery] = (await operator("GET", `${at}/webhook-deliveries`)).body["data"] as { id: string }[];
  const job = `${tenant}0000${(7).toString(16).padStart(16, "0")}`;
  Object.assign(about, { tenant, id: tenant, key, endpoint, delivery: delivery?.id, job, person: "0".repeat(16) });
  cookies["operator"] = (await signedIn({ operator: true })).cookie;
  cookies["owner"] = (await signedIn({ places: [{ tenant, role: "owner" }] })).cookie;
}, 300_000);

const daysAgo = (days: number): string => new Date(now - days * 86_400_000).toISOString().slice(0, 10);

const addressOf = (path: string, query: string): string =>
  path.replace("/jobs/:id", "/jobs/:job").replaceAll(/:(\w+)(\{[^/]*\})?/g, (_, name: string) => about[name] ?? "") +
  query
    .replaceAll(/DAY_(\d+)/g, (_, days: string) => daysAgo(Number(days)))
    .replace("TENANT", about["tenant"] ?? "")
    .replace("MODEL", MODEL);

async function look(path: string, who: string, env: object): Promise<number> {
  const context = { waitUntil: () => undefined, passThroughOnException: () => undefined };
  const request = new Request(`http://gateway.test${path}`, { headers: { cookie: cookies[who] ?? "" } });
  const answer = await app.fetch(request, { ...testEnv, ...env }, context as unknown as ExecutionContext);
  const html = await answer.text();
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${html.slice(0, 2_000)}`);
  return html.length;
}

const CASES = [
  ...Object.entries({ ...GATEWAYS, ...TENANTS }).map((page) => ["operator", ...page] as const),
  ...Object.entries(TENANTS).map((page) => ["owner", ...page] as const),
].flatMap(([who, path, queries]) => queries.map((query) => ({ who, path, query })));

test.each(CASES)(`$who: $path $query reads at most ${ROWS_MAX} rows`, async ({ who, path, query }) => {
  const page = addressOf(path, query);
  await look(page, who, {});
  const times: number[] = [];
  for (let looks = 0; looks < LOOKS; looks++) {
    const begun = Date.now();
    await look(page, who, {});
    times.push(Date.now() - begun);
  }
  counted.control.rowsRead();
  counted.report.rowsRead();
  await look(page, who, { CONTROL: counted.control.db, REPORT: counted.report.db });
  const rows = counted.control.rowsRead() + counted.report.rowsRead();
  figures.push({ who, page: path + query, rows, ms: times.toSorted((a, b) => a - b)[LOOKS >> 1] ?? 0 });
  expect(rows).toBeLessThanOrEqual(ROWS_MAX);
});

test("no page is left out", () => {
  const pages = consoleApp()
    .routes.filter(({ method, path }) => method === "GET" && !NO_PAGES.test(path))
    .map(({ path }) => path);
  expect(new Set(pages)).toEqual(new Set(Object.keys({ ...GATEWAYS, ...TENANTS })));
});

/** For who reads the output; no time is a promise. */
afterAll(() => {
  const lines = figures.map(
    ({ who, page, rows, ms }) =>
      `${who.padEnd(9)}${String(rows).padStart(6)} rows ${String(ms).padStart(5)} ms  ${page}`,
  );
  process.stdout.write(`${lines.join("\n")}\n`);
});
