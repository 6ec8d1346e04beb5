import { runDurableObjectAlarm } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { callerWith, operatorKey } from "../management/api.ts";
import { parseConfig } from "../../../src/config.ts";
import { JobBook } from "../../../src/jobs/job-book.ts";
import { storedBytes } from "../../../src/jobs/job-store.ts";
import { paceOf } from "../../../src/jobs/pace.ts";
import type { RoomForBodies } from "../../../src/jobs/payload-store.ts";
import type { StartRequest } from "../../../src/jobs/types.ts";
import { AlarmClock } from "../../../src/storage/alarm-clock.ts";
import { ROUTE } from "../../support/route.ts";
import { testEnv } from "../../support/test-env.ts";
import { parseJobId, trackerName } from "../../../src/keys/job-id.ts";
import * as w from "./world.ts";

const DAY = 24 * 3_600_000;

interface Kept {
  id: string;
  input_sha256: string;
  kept_until: string | null;
  dropped_for_room: boolean;
  input: Record<string, unknown> | null;
}

async function inputOf(world: w.World, id: string): Promise<Kept> {
  const response = await w.gateway(`/api/v3/predictions/${id}/input`, {
    headers: { authorization: `Bearer ${world.key}` },
  });
  return (await response.json<{ data: Kept }>()).data;
}

const parts = (id: string): Promise<number> =>
  w.inTracker(id, (sql) => {
    const count = `SELECT (SELECT COUNT(*) FROM payloads WHERE job_id = ?1) + (SELECT body IS NOT NULL FROM jobs WHERE id = ?1) AS n`;
    return Number(sql.exec(count, id).one()["n"]);
  });

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

const storedIn = (id: string): Promise<number> =>
  w.inTracker(id, (sql) =>
    Number(
      sql
        .exec(
          "SELECT SUM(n) AS n FROM (SELECT length(bytes) AS n FROM payloads UNION ALL SELECT length(body) FROM jobs)",
        )
        .one()["n"],
    ),
  );

/** Works with the tracker's rows as one that has no more room than this. */
const withRoom = async (id: string, room: RoomForBodies, work: (book: JobBook) => Promise<void>): Promise<void> =>
  await w.inTracker(id, (_sql, state) => {
    const clock = new AlarmClock(state, () => null);
    return work(new JobBook(state.storage, clock, paceOf(parseConfig(testEnv)), room));
  });

/** An id of the same tracker. */
const jobIdBeside = (id: string): string => id.slice(0, 16) + w.hex(8);

/** As the edge starts a job of that id, with the body of one that is kept. */
async function requestLike(world: w.World, jobId: string, like: string): Promise<StartRequest> {
  const [hold] = await w.entriesOf(world, like);
  if (hold?.kind !== "hold") throw new Error("there is no hold");
  const input = new TextEncoder().encode(JSON.stringify({ prompt: w.prompt("delay=0s"), duration: 5 }));
  const job = { ...hold.job, jobId };
  return { tenant: world.tenant, job, input, inputHash: "f".repeat(64), route: ROUTE, keepInputMs: DAY, waitMs: 0 };
}

describe("a job's input", () => {
  it("is dropped when it was sent, but for its hash", async () => {
    const world = await w.newWorld();
    const id = await w.submit(world, w.prompt("delay=0s"));
    expect(await parts(id)).toBe(0);
    const kept = await inputOf(world, id);
    expect(kept).toEqual({
      id,
      input_sha256: (await w.rowOf(id)).inputHash,
      kept_until: null,
      dropped_for_room: false,
      input: null,
    });
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
    await w.tracker(id).remove([id], "live");
    expect(await parts(id)).toBe(1);
    await w.finish(id);
    expect(await parts(id)).toBe(0);
  });

  it("gives way to newer ones where there is no room, the oldest first, and its read says so", async () => {
    const world = await keep(7);
    const [oldest, newer] = [await w.submit(world, w.prompt("delay=0s")), await w.submit(world, w.prompt("delay=0s"))];
    const needed = await w.submit(world, w.prompt("http=429, retry_after=60, times=1"));
    await w.age(oldest, "input_until", 1);
    const bytes = await storedIn(oldest);
    const newest = jobIdBeside(oldest);
    await withRoom(oldest, { keptBytesMax: bytes, storedBytesMax: 2 * bytes }, async (book) => {
      expect(book.store(await requestLike(world, newest, oldest), () => false).isNew).toBe(true);
    });
    expect(await inputOf(world, oldest)).toMatchObject({ kept_until: null, dropped_for_room: true, input: null });
    expect(await Promise.all([oldest, newer, needed, newest].map(parts))).toEqual([0, 1, 1, 1]);
    expect(await inputOf(world, newer)).toMatchObject({ dropped_for_room: false, input: { duration: 5 } });

    // All that is only kept goes before a new job is refused, and what is needed never does.
    await withRoom(oldest, { keptBytesMax: 0, storedBytesMax: bytes }, async (book) => {
      book.dropInputs();
      expect(book.store(await requestLike(world, jobIdBeside(oldest), oldest), () => false).job.state).toBe("queued");
    });
    expect(await Promise.all([newer, needed, newest].map(parts))).toEqual([0, 1, 1]);
    await withRoom(oldest, { keptBytesMax: 0, storedBytesMax: (await storedIn(oldest)) + 1 }, async (book) => {
      expect(book.store(await requestLike(world, jobIdBeside(oldest), oldest), () => false)).toMatchObject({
        job: { state: "void" },
      });
    });
    expect(await Promise.all([needed, newest].map(parts))).toEqual([1, 1]);
    expect(await w.inTracker(oldest, storedBytes), "counted without reading the bodies").toBe(await storedIn(oldest));
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
