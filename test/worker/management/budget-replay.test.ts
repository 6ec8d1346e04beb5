import { beforeAll, expect, test } from "vitest";
import { ledgerOf } from "../../../src/ledger/ledger-of.ts";
import { replayJournal } from "../../../src/reporting/index.ts";
import { testEnv } from "../../support/test-env.ts";
import { seedJobs } from "../reporting/many-jobs.ts";
import {
  callerWith,
  migrate,
  MODEL,
  operatorKey,
  report,
  reserve,
  tenantWithKey,
  type Call,
  type Json,
} from "./api.ts";

let operator: Call;
beforeAll(async () => {
  await migrate();
  operator = callerWith((await operatorKey()).key);
});

const WHOLE = { scope: { tenant: true }, limit: "50", window: "total" };

const replayed = async (at: string, body: Json): Promise<Json> => {
  const answer = await operator("POST", `${at}/budgets/main/preview`, body);
  expect(answer.status).toBe(200);
  return answer.body["replay"] as Json;
};

test("a preview tells which jobs of late a lower limit would have refused, before and after D1 has them", async () => {
  const { at, tenant, key } = await tenantWithKey(operator);
  await operator("PUT", `${at}/budgets/main`, WHOLE);
  const ids = [await reserve(tenant, key), await reserve(tenant, key), await reserve(tenant, key)];
  const look = async () => {
    const lower = await replayed(at, { ...WHOLE, limit: "2.60" });
    expect(lower).toMatchObject({ cut: false, jobs: 3, price: "3.900000", refused: 1, refused_price: "1.300000" });
    expect(lower["windows"]).toEqual([
      { start: null, end: null, jobs: 3, price: "3.900000", refused: 1, refused_price: "1.300000" },
    ]);
    const [refused] = lower["refused_jobs"] as Json[];
    expect(refused).toMatchObject({ model: MODEL, price: "1.300000" });
    expect(ids).toContain(refused?.["id"]);
    expect(await replayed(at, { ...WHOLE, limit: "3.90" })).toMatchObject({ jobs: 3, refused: 0, refused_jobs: [] });
  };
  await look();
  await replayJournal(report, tenant, ledgerOf(testEnv, tenant), 1_000);
  await look();
});

test("jobs are replayed against the budget that binds them, whatever its scope", async () => {
  const { at, tenant, key, keyId } = await tenantWithKey(operator, { team: "film" });
  await operator("PUT", `${at}/budgets/main`, WHOLE);
  await reserve(tenant, key);
  const scopes: [Json, number][] = [
    [{ tenant: true }, 1],
    [{ team: "film" }, 1],
    [{ key: keyId }, 1],
    [{ model: MODEL }, 1],
    [{ team: "other" }, 0],
    [{ tag: { name: "film", value: "fox" } }, 0],
  ];
  for (const [scope, jobs] of scopes) {
    const found = await replayed(at, { ...WHOLE, scope, limit: "0" });
    expect([scope, found["jobs"], found["refused"]]).toEqual([scope, jobs, jobs]);
  }
  expect(await replayed(at, { ...WHOLE, mode: "test", limit: "0" })).toMatchObject({ jobs: 0, windows: [] });
});

test("of more jobs than one look takes the newest are replayed, and since when is said", async () => {
  const { at, tenant } = await tenantWithKey(operator);
  await operator("PUT", `${at}/budgets/main`, WHOLE);
  await seedJobs(report, { tenant, jobs: 4_000, until: Date.now(), days: 5 });
  const cut = await replayed(at, { ...WHOLE, window: "day", limit: "100" });
  expect(cut["cut"]).toBe(true);
  expect(cut["jobs"]).toBeGreaterThan(1_900);
  expect(cut["jobs"]).toBeLessThanOrEqual(2_000);
  const windows = cut["windows"] as Json[];
  expect(windows.length).toBeGreaterThan(2);
  expect(windows.reduce((sum, { refused }) => sum + Number(refused), 0)).toBe(cut["refused"]);
  expect((cut["refused_jobs"] as Json[]).length).toBe(20);
});
