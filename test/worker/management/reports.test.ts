import { beforeAll, expect, test } from "vitest";
import type { EntryBody, JobFacts, JournalEntry } from "../../../src/ledger/journal-entry.ts";
import { applyEntries } from "../../../src/reporting/apply-entries.ts";
import { jobFacts } from "../../support/job-facts.ts";
import { callerWith, migrate, newTenant, operatorKey, report, type Call } from "./api.ts";

let operator: Call;
beforeAll(async () => {
  await migrate();
  operator = callerWith((await operatorKey()).key);
});

const DAY = "2026-11-20";
const AT = Date.parse(`${DAY}T10:00:00Z`);

const jobOf = (tenant: string, number: number, facts: Partial<JobFacts> = {}): JobFacts =>
  jobFacts({
    jobId: `${tenant}0000${number.toString(16).padStart(16, "0")}`,
    keyId: "0123456789abcdef",
    model: "kwaivgi/kling-v2.1-i2v-master",
    tags: { campaign: "spring" },
    admittedAt: AT + number,
    ...facts,
  });

async function write(tenant: string, bodies: EntryBody[]): Promise<void> {
  const entries = bodies.map((body, index): JournalEntry => ({
    seq: index + 1,
    at: AT,
    localDay: DAY,
    body,
    hash: "h",
  }));
  await applyEntries(report, tenant, entries);
}

test("usage is grouped as asked, with a total", async () => {
  const tenant = await newTenant(operator);
  const captured = (number: number, facts: Partial<JobFacts> = {}): EntryBody[] => {
    const job = jobOf(tenant, number, facts);
    return [
      { kind: "hold", job },
      { kind: "capture", job, outcome: "completed", endedAt: AT + 60_000 },
    ];
  };
  await write(tenant, [...captured(1), ...captured(2, { team: "red" }), ...captured(3, { mode: "test" })]);
  const path = `/v1/tenants/${tenant}/usage?from=${DAY}&to=${DAY}`;
  const sum = { seconds: 5, cost: "1.300000", price: "1.300000", jobs: 1 };
  const byTeam = await operator("GET", `${path}&group_by=day,team`);
  expect(byTeam.body).toEqual({
    from: DAY,
    to: DAY,
    counted_at: "capture",
    data: [
      { day: DAY, team: null, ...sum },
      { day: DAY, team: "red", ...sum },
    ],
    total: { jobs: 2, seconds: 10, cost: "2.600000", price: "2.600000" },
  });
  expect((await operator("GET", `${path}&mode=test`)).body).toMatchObject({ total: sum });
  const nothing = await operator("GET", `/v1/tenants/${tenant}/usage?from=2026-11-01&to=2026-11-19`);
  expect(nothing.body).toMatchObject({ data: [], total: { jobs: 0, price: "0.000000" } });
});

test("usage without days covers thirty days up to today, in the tenant's time zone", async () => {
  const { body } = await operator("POST", "/v1/tenants", { name: "Far", time_zone: "Pacific/Kiritimati" });
  const answer = await operator("GET", `/v1/tenants/${String(body["id"])}/usage`);
  const today = new Date(Date.now() + 14 * 3_600_000).toISOString().slice(0, 10);
  expect(answer.body["to"]).toBe(today);
  expect(Date.parse(today) - Date.parse(String(answer.body["from"]))).toBe(29 * 86_400_000);
});

test.each([
  "from=2026-13-01",
  "from=yesterday",
  "group_by=hour",
  "group_by=",
  "from=2026-11-20&to=2026-11-01",
  "month=1",
])("usage refuses %s", async (query) => {
  const tenant = await newTenant(operator);
  const answer = await operator("GET", `/v1/tenants/${tenant}/usage?${query}`);
  expect(answer.status).toBe(400);
  expect(answer.body["errors"]).toHaveLength(1);
});

test("jobs are listed newest first, page by page; price and end are null until captured", async () => {
  const tenant = await newTenant(operator);
  const [open, done, failed] = [jobOf(tenant, 3), jobOf(tenant, 2), jobOf(tenant, 1)];
  await write(tenant, [
    { kind: "hold", job: failed },
    { kind: "hold", job: done },
    { kind: "hold", job: open },
    { kind: "capture", job: done, outcome: "completed", endedAt: AT + 60_000 },
    { kind: "release", job: failed, outcome: "failed", reason: "no face found", endedAt: AT + 30_000 },
  ]);
  const first = await operator("GET", `/v1/tenants/${tenant}/jobs?limit=2`);
  const second = await operator(
    "GET",
    `/v1/tenants/${tenant}/jobs?limit=2&cursor=${String(first.body["next_cursor"])}`,
  );
  expect(first.body["data"]).toMatchObject([
    { id: open.jobId, status: "admitted", price: null, ended_at: null, cost: "1.300000", tags: { campaign: "spring" } },
    { id: done.jobId, status: "completed", price: "1.300000", ended_at: new Date(AT + 60_000).toISOString() },
  ]);
  expect(second.body).toMatchObject({
    data: [{ id: failed.jobId, status: "failed", price: null, reason: "no face found", team: null }],
    next_cursor: null,
  });
  const filtered = await operator("GET", `/v1/tenants/${tenant}/jobs?status=failed`);
  expect(filtered.body["data"]).toHaveLength(1);
  expect((await operator("GET", `/v1/tenants/${await newTenant(operator)}/jobs`)).body["data"]).toEqual([]);
});

test.each(["limit=0", "limit=101", "limit=x", "cursor=%21", "status=lost", "colour=red"])(
  "jobs refuses %s",
  async (query) => {
    const tenant = await newTenant(operator);
    const answer = await operator("GET", `/v1/tenants/${tenant}/jobs?${query}`);
    expect(answer.status).toBe(400);
    expect(answer.body["errors"]).toMatchObject([{ field: query.split("=")[0] }]);
  },
);
