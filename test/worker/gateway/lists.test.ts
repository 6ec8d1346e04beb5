import { expect, describe, test } from "vitest";
import { replayJournal } from "../../../src/reporting/index.ts";
import { testEnv } from "../../support/test-env.ts";
import { finish } from "../jobs/world.ts";
import { call, envelope, newTenant, T2V, type TestTenant } from "./api.ts";

const I2V = "kwaivgi/kling-v2.1-i2v-pro";

interface Item {
  id: string;
  status: string;
  model: string;
  outputs: string[];
  urls: { get: string };
  input?: Record<string, unknown>;
}

interface List {
  page: number;
  total: number;
  has_more: boolean;
  items: Item[];
}

async function list(key: string, body: Record<string, unknown> = {}): Promise<List> {
  const response = await call(key, "POST", "/api/v3/predictions", body);
  expect(response.status).toBe(200);
  return (await envelope(response)).data as unknown as List;
}

async function submit(key: string, prompt = "[[sim: delay=1h]]", model = T2V): Promise<string> {
  const image = "https://example.com/a.png";
  const response = await call(key, "POST", `/api/v3/${model}`, model === I2V ? { image, prompt } : { prompt });
  expect(response.status).toBe(200);
  return String((await envelope(response)).data["id"]);
}

const idsOf = (found: List): string[] => found.items.map(({ id }) => id);

/** What the list says before D1 has heard of the jobs, and after. */
async function beforeAndAfterReport({ id, key, ledger }: TestTenant, check: (found: List) => void): Promise<void> {
  check(await list(key));
  const { watermark, headSeq } = await replayJournal(testEnv.REPORT, id, ledger, 1_000);
  expect(watermark).toBe(headSeq);
  check(await list(key));
}

describe("the list of predictions", () => {
  test("has a job as soon as its submit was answered, and in the same place when D1 has heard of it", async () => {
    const tenant = await newTenant();
    const ids: string[] = [];
    for (let made = 0; made < 5; made++) {
      ids.unshift(await submit(tenant.key));
      expect(idsOf(await list(tenant.key))).toEqual(ids);
    }
    await beforeAndAfterReport(tenant, (found) => {
      expect(idsOf(found)).toEqual(ids);
      expect(found).toMatchObject({ page: 1, total: 5, has_more: false });
    });
  });

  test("shows how each job stands now, as a read of it does, but for inputs", async () => {
    const { key } = await newTenant();
    const done = await submit(key, "[[sim: delay=0s]]");
    const failed = await submit(key, "[[sim: fail=1405, delay=0s]]");
    const open = await submit(key);
    await Promise.all([finish(done), finish(failed)]);
    const { items } = await list(key);
    expect(items.map(({ status }) => status)).toEqual(["created", "failed", "completed"]);
    for (const item of items) {
      expect(item).toEqual((await envelope(await call(key, "GET", `/api/v3/predictions/${item.id}`))).data);
    }
    expect(items.map(({ id }) => id)).toEqual([open, failed, done]);
  });

  test("is filtered by model, status and time, and cut into pages", async () => {
    const { key } = await newTenant();
    const done = await submit(key, "[[sim: delay=0s]]");
    await finish(done);
    const pro = await submit(key, "[[sim: delay=1h]]", I2V);
    const open = [await submit(key), await submit(key)].toReversed();
    expect(idsOf(await list(key, { model: I2V }))).toEqual([pro]);
    expect(idsOf(await list(key, { status: "completed" }))).toEqual([done]);
    expect(await list(key, { status: "created", page_size: 2 })).toMatchObject({ total: 3, has_more: true });
    expect(idsOf(await list(key, { status: "pending", page: "2", page_size: "2" }))).toEqual([pro]);
    expect(await list(key, { status: "failed" })).toEqual({ page: 1, total: 0, has_more: false, items: [] });
    const pages = [await list(key, { page_size: 3 }), await list(key, { page_size: 3, page: 2 })];
    expect(pages.map(({ has_more }) => has_more)).toEqual([true, false]);
    expect(pages.flatMap(idsOf)).toEqual([...open, pro, done]);
    const at = Number(await testEnv.REPORT.prepare("SELECT 1").first("1"));
    expect(idsOf(await list(key, { created_before: new Date(at).toISOString() }))).toEqual([]);
    expect(idsOf(await list(key, { created_after: String(Date.now() + 60_000) }))).toEqual([]);
  });

  test("by GET, the older edition, is the same", async () => {
    const { key } = await newTenant();
    await submit(key);
    const older = await call(key, "GET", `/api/v3/predictions?page=1&page_size=1&status=created&model=${T2V}`);
    expect((await envelope(older)).data).toEqual(await list(key));
    expect((await call(key, "GET", "/api/v3/predictions?include_inputs=perhaps")).status).toBe(400);
  });

  test("gives inputs where they are kept and asked for, short ones", async () => {
    const { key, ledger } = await newTenant();
    const bare = await submit(key);
    await ledger.change("set_handling", { keepInputsDays: 1 });
    const kept = await submit(key);
    const long = await submit(key, `[[sim: delay=1h]]${"x".repeat(2_000)}`);
    const { items } = await list(key, { include_inputs: true });
    const inputs = new Map(items.map(({ id, input }) => [id, input]));
    expect(inputs.get(kept)).toEqual({ prompt: "[[sim: delay=1h]]", aspect_ratio: "16:9", duration: 5 });
    expect(inputs.get(bare)).toEqual({});
    expect(inputs.get(long)).toMatchObject({ duration: 5 });
    expect((await list(key)).items[0]).not.toHaveProperty("input");
  });

  test.each([
    [{ page: 0 }, "page", "0"],
    [{ page_size: 101 }, "page_size", "101"],
    [{ status: "done" }, "status", '"done"'],
    [{ created_after: "yesterday" }, "created_after", '"yesterday"'],
    [{ page: 200, page_size: 100 }, "page", "200"],
  ])("refuses %j, naming field, rule and value", async (body, field, value) => {
    const { key } = await newTenant();
    const response = await call(key, "POST", "/api/v3/predictions", body);
    expect(response.status).toBe(400);
    expect((await envelope(response)).error?.issues).toEqual([
      { field, rule: expect.stringMatching(/^must/) as string, value },
    ]);
  });
});

describe("deleting", () => {
  test("takes a job off every list at once, whether D1 has it or not, and totals follow", async () => {
    const tenant = await newTenant();
    const { key } = tenant;
    const [early, late] = [await submit(key), await submit(key)];
    await beforeAndAfterReport(tenant, (found) => expect(found.total).toBe(2));
    const third = await submit(key);
    const deleted = await call(key, "POST", "/api/v3/predictions/delete", { ids: [early, third, "0".repeat(32)] });
    expect((await envelope(deleted)).data).toEqual({ deleted_count: 2 });
    expect(idsOf(await list(key))).toEqual([late]);
    await Promise.all([finish(early), finish(third)]);
    await beforeAndAfterReport(tenant, (found) => expect(found).toMatchObject({ total: 1, items: [{ id: late }] }));
  });

  test("by DELETE, the older edition, answers for one job, once", async () => {
    const { key } = await newTenant();
    const id = await submit(key);
    const deleted = await call(key, "DELETE", `/api/v3/predictions/${id}`);
    expect(await envelope(deleted)).toEqual({ code: 200, message: "success", data: { id, status: "deleted" } });
    for (const gone of [id, "0".repeat(32), "x"]) {
      const again = await call(key, "DELETE", `/api/v3/predictions/${gone}`);
      expect(again.status).toBe(404);
      expect(await envelope(again)).toMatchObject({ code: 404, message: "Prediction not found" });
    }
  });
});

describe("another tenant's jobs", () => {
  test("are on no list, bill or usage, and no delete touches them", async () => {
    const [owner, other] = [await newTenant(), await newTenant()];
    const id = await submit(owner.key, "[[sim: delay=0s]]");
    await finish(id);
    await beforeAndAfterReport(owner, (found) => expect(found.total).toBe(1));
    expect(await list(other.key)).toEqual({ page: 1, total: 0, has_more: false, items: [] });
    const bill = await call(other.key, "POST", "/api/v3/billings/search", { prediction_uuids: [id] });
    expect((await envelope(bill)).data).toMatchObject({ total: 0, items: [] });
    const span = { start_time: new Date(Date.now() - 3_600_000).toISOString(), end_time: new Date().toISOString() };
    const usage = await call(other.key, "POST", "/api/v3/user/usage_stats", span);
    expect((await envelope(usage)).data).toMatchObject({ per_model_usage: [], summary: { total_cost: 0 } });
    expect((await call(other.key, "DELETE", `/api/v3/predictions/${id}`)).status).toBe(404);
    const deleted = await call(other.key, "POST", "/api/v3/predictions/delete", { ids: [id] });
    expect((await envelope(deleted)).data).toEqual({ deleted_count: 0 });
    expect(idsOf(await list(owner.key))).toEqual([id]);
  });

  test("in the other mode are apart as well", async () => {
    const sandbox = await newTenant(null, "test");
    const id = await submit(sandbox.key);
    expect(idsOf(await list(sandbox.key))).toEqual([id]);
    const live = await newTenant();
    await submit(live.key);
    expect(idsOf(await list(live.key))).not.toContain(id);
  });
});
