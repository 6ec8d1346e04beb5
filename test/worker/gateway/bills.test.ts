import { describe, expect, test } from "vitest";
import { replayJournal } from "../../../src/reporting/index.ts";
import { testEnv } from "../../support/test-env.ts";
import { finish } from "../jobs/world.ts";
import { call, envelope, newTenant, T2V, type TestTenant } from "./api.ts";

const PRO = "kwaivgi/kling-v2.1-i2v-pro";

interface Item {
  uuid: string;
  billing_type: "deduct" | "refund";
  price: number;
  created_at: string;
  order: { state: string; price: number; origin_price: number };
  prediction: { uuid: string; model_uuid: string; status: string };
  access_key_uuid: string;
  access_key_name: string;
}

interface Bill {
  page: number;
  total: number;
  has_more: boolean;
  items: Item[];
}

async function bill(key: string, body: Record<string, unknown> = {}): Promise<Bill> {
  const response = await call(key, "POST", "/api/v3/billings/search", body);
  expect(response.status).toBe(200);
  return (await envelope(response)).data as unknown as Bill;
}

async function submit(key: string, prompt: string, model = T2V): Promise<string> {
  const input = model === PRO ? { image: "https://example.com/a.png", prompt } : { prompt };
  return String((await envelope(await call(key, "POST", `/api/v3/${model}`, input))).data["id"]);
}

const micros = ({ items }: Bill): number =>
  items.reduce((sum, item) => sum + Math.round(item.price * 1e6) * (item.billing_type === "deduct" ? 1 : -1), 0);

async function report({ id, ledger }: TestTenant): Promise<void> {
  await replayJournal(testEnv.REPORT, id, ledger, 1_000);
}

/** A tenant that pays a third more than cost, with one job of each end: completed, failed, open. */
async function billed(): Promise<TestTenant & { done: string; failed: string; open: string }> {
  const tenant = await newTenant();
  await tenant.ledger.change("set_pricing", { markupBps: 3_333, models: {} });
  const done = await submit(tenant.key, "[[sim: delay=0s]]");
  const failed = await submit(tenant.key, "[[sim: fail=1405, delay=0s]]", PRO);
  const open = await submit(tenant.key, "[[sim: delay=1h]]");
  await Promise.all([finish(done), finish(failed)]);
  return { ...tenant, done, failed, open };
}

describe("the bill", () => {
  test("is what the ledger captured and holds, to the micro-dollar, before D1 has it and after", async () => {
    const tenant = await billed();
    const expected = { captured: 1_733_290, held: 1_733_290 };
    for (const step of ["before", "after"]) {
      const found = await bill(tenant.key);
      const [budget] = await tenant.ledger.budgets();
      expect({ captured: budget?.capturedMicros, held: budget?.heldMicros }, step).toEqual(expected);
      expect(micros(found), step).toBe(expected.captured + expected.held);
      expect(found).toMatchObject({ page: 1, total: 4, has_more: false });
      await report(tenant);
    }
  });

  test("has a charge for each job, held or done, and a refund for the one that failed", async () => {
    const { key, keyId, done, failed, open } = await billed();
    const { items } = await bill(key);
    const lines = items.map(({ billing_type, prediction, order, price }) => [
      billing_type,
      prediction.uuid,
      order.state,
      prediction.status,
      price,
    ]);
    expect(lines.toSorted()).toEqual(
      [
        ["deduct", open, "pre", "created", 1.73329],
        ["deduct", failed, "done", "failed", 0.599985],
        ["deduct", done, "done", "completed", 1.73329],
        ["refund", failed, "done", "failed", 0.599985],
      ].toSorted(),
    );
    expect(new Set(items.map(({ uuid }) => uuid)).size).toBe(4);
    for (const item of items) expect(item).toMatchObject({ access_key_uuid: keyId, access_key_name: "k" });
  });

  test("says nowhere what a job costs the operator", async () => {
    const { key, failed } = await billed();
    const answers = await Promise.all([
      call(key, "POST", "/api/v3/billings/search", {}),
      call(key, "POST", "/api/v3/predictions", {}),
      call(key, "GET", `/api/v3/predictions/${failed}`),
      call(key, "GET", "/api/v3/models"),
      call(key, "POST", "/api/v3/model/price", { model_id: T2V, inputs: {} }),
      call(key, "POST", "/api/v3/user/usage_stats", { start_time: Date.now() - 3_600_000, end_time: Date.now() }),
    ]);
    for (const answer of answers) {
      const text = await answer.text();
      expect(answer.status, text).toBe(200);
      // 5 s of these models at WaveSpeed's prices.
      expect(text).not.toMatch(/[:\s]1\.3\b|[:\s]0\.45\b|1300000|450000/);
    }
  });

  test("takes every filter, both ways of time, either order, and pages", async () => {
    const { key, keyId, done, failed, open } = await billed();
    const of = async (body: Record<string, unknown>) =>
      (await bill(key, body)).items.map((item) => `${item.billing_type} ${item.prediction.uuid}`).toSorted();
    expect(await of({ billing_type: "refund" })).toEqual([`refund ${failed}`]);
    expect(await of({ prediction_uuids: [done, failed], billing_type: "deduct" })).toEqual(
      [`deduct ${done}`, `deduct ${failed}`].toSorted(),
    );
    expect(await of({ prediction_uuids: [] })).toHaveLength(4);
    expect(await of({ model_uuid: PRO })).toEqual([`deduct ${failed}`, `refund ${failed}`]);
    expect(await of({ access_key_uuid: keyId })).toHaveLength(4);
    expect(await of({ access_key_uuid: "0".repeat(16) })).toEqual([]);
    const { items: all } = await bill(key);
    const begin = all.at(-1)?.created_at ?? "";
    for (const time of [begin, String(Date.parse(begin))]) {
      expect(await of({ start_time: time })).toHaveLength(4);
      expect(await of({ end_time: time })).toContain(`deduct ${done}`);
      expect(await of({ end_time: String(Date.parse(begin) - 1) })).toEqual([]);
    }
    expect((await bill(key, { sort: "created_at ASC" })).items).toEqual(all.toReversed());
    const pages = [await bill(key, { page_size: 3 }), await bill(key, { page_size: 3, page: 2 })];
    expect(pages.map(({ has_more, total }) => [has_more, total])).toEqual([
      [true, 4],
      [false, 4],
    ]);
    expect(pages.flatMap(({ items }) => items)).toEqual(all);
    expect(await of({ prediction_uuids: [open] })).toEqual([`deduct ${open}`]);
  });

  test("of more jobs than are looked at says that there are more, and never that there is nothing", async () => {
    const { id: tenant, key } = await newTenant();
    await testEnv.REPORT.prepare(
      `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10001)
       INSERT INTO jobs (tenant, id, mode, model, key_id, team, seconds, cost_micros, held_micros, rate_version, tags,
         admitted_at, status, status_seq, ended_at)
       SELECT ?1, printf('%s%020d', ?1, i), 'live', iif(i = 10001, 'new', 'm'), 'k', '', 5, 1, 1, 1, '{}', ?2 + i,
         'completed', i, 1 FROM n`,
    )
      .bind(tenant, Date.now() - 3_600_000)
      .run();
    expect(await bill(key, { model_uuid: "new" })).toMatchObject({ total: 1, has_more: true });
    expect(await bill(key, { page: 100 })).toMatchObject({ total: 10_000, has_more: true });
    for (const body of [{ model_uuid: "older" }, { page: 101 }, { model_uuid: "new", page: 2 }]) {
      const response = await call(key, "POST", "/api/v3/billings/search", body);
      expect(response.status).toBe(400);
      const { error, message } = await envelope(response);
      expect(error?.issues).toMatchObject([{ field: "page" }]);
      expect(message).toMatch(/give start_time and end_time/);
    }
    const listed = await call(key, "POST", "/api/v3/predictions", { model: "older" });
    expect(listed.status).toBe(400);
    expect((await envelope(listed)).message).toMatch(/give created_after and created_before/);
  });

  test.each([
    [{ billing_type: "charge" }, "billing_type"],
    [{ prediction_uuids: "x" }, "prediction_uuids"],
    [{ prediction_uuids: Array.from({ length: 101 }, () => "x") }, "prediction_uuids"],
    [{ sort: "price" }, "sort"],
    [{ start_time: "soon" }, "start_time"],
    [{ page_size: 0 }, "page_size"],
  ])("refuses %j, naming the field", async (body, field) => {
    const { key } = await newTenant();
    const response = await call(key, "POST", "/api/v3/billings/search", body);
    expect(response.status).toBe(400);
    expect((await envelope(response)).error?.issues).toMatchObject([{ field }]);
  });
});

describe("usage", () => {
  const hours = (count: number) => new Date(Date.now() + count * 3_600_000).toISOString();

  test("is what was captured, by model and day, at the tenant's prices", async () => {
    const tenant = await billed();
    await finish(await submit(tenant.key, "[[sim: delay=0s]]", PRO));
    await report(tenant);
    const body = { start_time: hours(-24 * 30), end_time: hours(1) };
    const { data } = await envelope(await call(tenant.key, "POST", "/api/v3/user/usage_stats", body));
    const [budget] = await tenant.ledger.budgets();
    expect(budget?.capturedMicros).toBe(2_333_275);
    expect(data).toMatchObject({
      per_model_usage: [
        { model_uuid: T2V, model_type: "text-to-video", unit_price: 1.73329, total_cost: 1.73329, total_count: 1 },
        { model_uuid: PRO, model_type: "image-to-video", unit_price: 0.599985, total_cost: 0.599985, total_count: 1 },
      ],
      summary: { total_cost: 2.333275, total_requests: 2, success_requests: 2 },
    });
    const days = data["daily_usage"] as { date: string; amount: number; count: number; models: { amount: number }[] }[];
    expect(days.reduce((sum, { count }) => sum + count, 0)).toBe(2);
    for (const { date, amount, models } of days) {
      expect(date).toMatch(/^\d{4}-\d\d-\d\d$/);
      expect(models.reduce((sum, row) => sum + row.amount, 0)).toBeCloseTo(amount, 9);
    }
    const one = { ...body, model_uuid: PRO };
    const ofOne = await envelope(await call(tenant.key, "POST", "/api/v3/user/usage_stats", one));
    expect(ofOne.data["summary"]).toEqual({ total_cost: 0.599985, total_requests: 1, success_requests: 1 });
  });

  test.each([
    [{}, ["start_time", "end_time"]],
    [{ start_time: hours(0) }, ["end_time"]],
    [{ start_time: hours(0), end_time: hours(-1) }, ["end_time"]],
    [{ start_time: hours(-24 * 31 - 1), end_time: hours(0) }, ["end_time"]],
  ])("of %j is refused, naming field, rule and value", async (body, fields) => {
    const { key } = await newTenant();
    const response = await call(key, "POST", "/api/v3/user/usage_stats", body);
    expect(response.status).toBe(400);
    const { error, message } = await envelope(response);
    expect(error?.issues?.map(({ field }) => field)).toEqual(fields);
    expect(message).toMatch(/must be/);
  });
});
