import { runDurableObjectAlarm } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { callerWith, operatorKey } from "../management/api.ts";
import { testEnv } from "../../support/test-env.ts";
import { parseJobId, trackerName } from "../../../src/keys/job-id.ts";
import * as w from "./world.ts";

const DAY = 24 * 3_600_000;

interface Kept {
  id: string;
  input_sha256: string;
  kept_until: string | null;
  input: Record<string, unknown> | null;
}

async function inputOf(world: w.World, id: string): Promise<Kept> {
  const response = await w.gateway(`/api/v3/predictions/${id}/input`, {
    headers: { authorization: `Bearer ${world.key}` },
  });
  return (await response.json<{ data: Kept }>()).data;
}

const parts = (id: string): Promise<number> =>
  w.inTracker(id, (sql) => Number(sql.exec("SELECT COUNT(*) AS n FROM payloads WHERE job_id = ?", id).one()["n"]));

async function keep(days: number): Promise<w.World> {
  const world = await w.newWorld();
  await world.ledger.change("set_handling", { keepInputsDays: days }, { actor: "test" });
  return world;
}

async function ringTracker(id: string): Promise<void> {
  const address = parseJobId(id);
  if (!address) throw new Error(`${id} is no job id`);
  await runDurableObjectAlarm(testEnv.JOB_TRACKER.get(testEnv.JOB_TRACKER.idFromName(trackerName(address))));
}

describe("a job's input", () => {
  it("is dropped when it was sent, but for its hash", async () => {
    const world = await w.newWorld();
    const id = await w.submit(world, w.prompt("delay=0s"));
    expect(await parts(id)).toBe(0);
    const kept = await inputOf(world, id);
    expect(kept).toEqual({ id, input_sha256: (await w.rowOf(id)).inputHash, kept_until: null, input: null });
  });

  it("is kept for the days that the tenant chose, readable by it alone, then dropped", async () => {
    const world = await keep(7);
    const text = w.prompt("delay=0s");
    const id = await w.submit(world, text);
    await w.finish(id);
    const { createdAt } = await w.rowOf(id);
    const kept = await inputOf(world, id);
    expect(kept).toMatchObject({ input: { prompt: text, duration: 5 } });
    expect(kept.kept_until).toBe(new Date(createdAt + 7 * DAY).toISOString());
    const other = await w.newWorld();
    expect(await inputOf(other, id)).toBeUndefined();

    await w.inTracker(id, (sql) => sql.exec("UPDATE jobs SET input_until = 1 WHERE id = ?", id));
    expect(await inputOf(world, id)).toMatchObject({ input: null, kept_until: null });
    await ringTracker(id);
    expect(await parts(id)).toBe(0);
    expect((await w.rowOf(id)).inputUntil).toBeNull();
  });

  it("whose time ends before it was sent stays until it was", async () => {
    const world = await keep(1);
    const id = await w.submit(world, w.prompt("delay=0s, http=429, retry_after=0, times=1"));
    await w.inTracker(id, (sql) => sql.exec("UPDATE jobs SET input_until = 1 WHERE id = ?", id));
    await ringTracker(id);
    expect(await w.rowOf(id)).toMatchObject({ inputUntil: null });
    expect(await w.finish(id)).toMatchObject({ state: "completed" });
    expect(await parts(id)).toBe(0);
  });

  it("of a deleted job goes when its money is settled", async () => {
    const world = await keep(7);
    const id = await w.submit(world, w.prompt("delay=0s"));
    await w.tracker(id).remove([id]);
    expect(await parts(id)).toBe(1);
    await w.finish(id);
    expect(await parts(id)).toBe(0);
  });

  it("operators set how long, within its bounds", async () => {
    const operator = callerWith((await operatorKey()).key);
    const { body } = await operator("POST", "/v1/tenants", { name: "keeps" });
    const at = `/v1/tenants/${String(body["id"])}`;
    const set = await operator("PATCH", at, { keep_inputs_days: 30, queue_weight: 5 });
    expect(set.body).toMatchObject({ keep_inputs_days: 30, queue_weight: 5, status: "active" });
    expect((await operator("PATCH", at, { status: "suspended", reason: "x" })).body).toMatchObject({ queue_weight: 5 });
    for (const wrong of [{ keep_inputs_days: 31 }, { queue_weight: 0 }, { queue_weight: 101 }, {}, { reason: "x" }]) {
      expect((await operator("PATCH", at, wrong)).status).toBe(400);
    }
  });
});
