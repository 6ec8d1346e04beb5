import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { armFailPoint } from "../../../src/observability/fail-point.ts";
import * as w from "./world.ts";

/** Jobs that fit at once. */
const ROOM = 2;

beforeAll(() => w.pause("other"));

/** Every job of a test has ended at its end, and then nothing of the account may be in use. */
let open: string[] = [];

beforeEach(() => {
  open = [];
});

afterEach(async () => {
  armFailPoint("before_post", null);
  for (const id of open) await w.end(id);
  for (const id of open) await w.until(id, ({ nextAt }) => nextAt === null);
  expect(await idle()).toMatchObject({ inUse: 0, waiting: 0 });
});

/** What comes back to the account comes by an alarm. */
async function idle() {
  for (let tries = 0; tries < 100; tries++) {
    const status = await w.statusOf("live");
    if (status.inUse === 0 && status.waiting === 0) return status;
    for (const id of open) await w.ring(id);
    await scheduler.wait(20);
  }
  return w.statusOf("live");
}

async function submit(world: w.World, faults = "delay=0s"): Promise<string> {
  const id = await w.submit(world, w.prompt(faults));
  open.push(id);
  return id;
}

const stateOf = async (id: string) => (await w.rowOf(id)).state;

/** Reads a stream until a text has come in it, and answers all that came; the test's time is the limit. */
function reader(response: Response): (wanted: string) => Promise<string> {
  const chunks = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  return async (wanted) => {
    while (!text.includes(wanted)) {
      const chunk = await chunks?.read();
      if (!chunk || chunk.done) return text;
      text += chunk.value;
    }
    return text;
  };
}

describe("an account for two tasks at once", () => {
  it("runs two; the third waits with its place, and is sent when one has ended", async () => {
    const world = await w.newWorld();
    const posts = await w.postsTo("live");
    const [first, second, third, fourth] = [
      await submit(world),
      await submit(world),
      await submit(world),
      await submit(world),
    ];
    expect(await Promise.all([first, second, third, fourth].map(stateOf))).toEqual([
      "running",
      "running",
      "queued",
      "queued",
    ]);
    expect((await w.postsTo("live")) - posts).toBe(ROOM);
    const read = await w.gateway(`/api/v3/predictions/${fourth}/result`, {
      headers: { authorization: `Bearer ${world.key}` },
    });
    expect(read.headers.get("x-wavegate-queue-position")).toBe("2");
    await read.body?.cancel();
    await w.end(first);
    expect(await w.until(third, ({ state }) => state === "running")).toMatchObject({ state: "running" });
    expect(await stateOf(fourth)).toBe("queued");
    expect((await w.postsTo("live")) - posts).toBe(ROOM + 1);
    const placeOf = async (id: string) => (await w.tracker(id).view(id))?.queue;
    expect(await placeOf(third), "it has its turn, and no place any more").toBeNull();
    expect(await w.tracker(fourth).cancel(fourth)).toBe("cancelled");
    expect(await placeOf(fourth)).toBeNull();
  });

  it("its events tell the place while it waits, and the progress while it runs", async () => {
    const world = await w.newWorld();
    const first = await submit(world);
    // Known before the first of them ends, and asks.
    await w.inTracker(first, (sql) => sql.exec("INSERT INTO usual_times VALUES (?, 1000000)", w.T2V));
    const [, third = ""] = [await submit(world), await submit(world)];
    const stream = await w.gateway(`/api/v3/predictions/${third}/events`, {
      headers: { authorization: `Bearer ${world.key}` },
    });
    const read = reader(stream);
    expect(await read("event: queue")).toMatch(/data: \{"position":1,"expected_start":("[0-9TZ:.-]+"|null)\}/);
    await w.end(first);
    await w.until(third, ({ state }) => state === "running");
    await w.inTracker(third, (sql) => {
      const half = "(SELECT ms / 2 FROM usual_times WHERE model = jobs.model)";
      sql.exec(`UPDATE jobs SET running_at = running_at - ${half} WHERE id = ?`, third);
    });
    expect(await read('event: progress\ndata: {"progress":0.5')).toContain('"status":"created"');
    await w.end(third);
    expect(await read('"status":"completed"')).toContain("event: job");
  });

  it("another tenant's single job is next, whatever the first has waiting", async () => {
    const [many, one] = [await w.newWorld(), await w.newWorld()];
    const ids: string[] = [];
    for (let index = 0; index < 12; index++) ids.push(await submit(many));
    const single = await submit(one);
    await w.end(ids[0] ?? "");
    await w.end(ids[1] ?? "");
    expect(await w.until(single, ({ state }) => state === "running")).toMatchObject({ state: "running" });
    const started = (await Promise.all(ids.map(stateOf))).filter((state) => state !== "queued");
    expect(started).toHaveLength(ROOM + 1);
  });

  it("the higher priority goes first", async () => {
    const world = await w.newWorld();
    const ids = [await submit(world), await submit(world), await submit(world)];
    const response = await w.gateway(`/api/v3/${w.T2V}`, {
      method: "POST",
      headers: { authorization: `Bearer ${world.key}`, "x-wavegate-priority": "high" },
      body: JSON.stringify({ prompt: w.prompt("delay=0s") }),
    });
    const { data } = await response.json<{ data: { id: string } }>();
    open.push(data.id);
    await w.end(ids[0] ?? "");
    expect(await w.until(data.id, ({ state }) => state === "running")).toMatchObject({ state: "running" });
    expect(await stateOf(ids[2] ?? "")).toBe("queued");
  });

  it("a job that is cancelled while it waits is released and leaves the queue", async () => {
    const world = await w.newWorld();
    const ids = [await submit(world), await submit(world), await submit(world)];
    expect(await w.statusOf("live")).toMatchObject({ inUse: 2, waiting: 1 });
    expect(await w.tracker(ids[2] ?? "").cancel(ids[2] ?? "")).toBe("cancelled");
    await w.until(ids[2] ?? "", ({ settlement }) => settlement === null);
    expect(await w.moneyOf(world, ids[2] ?? "")).toEqual(["hold", "release"]);
    expect(await w.statusOf("live")).toMatchObject({ inUse: 2, waiting: 0 });
  });

  it("everything dies while jobs wait and run: each is sent once, and no permit is lost", async () => {
    const world = await w.newWorld();
    const posts = await w.postsTo("live");
    const ids: string[] = [];
    for (let index = 0; index < 6; index++) ids.push(await submit(world));
    for (let round = 0; round < 12; round++) {
      for (const id of ids) {
        const { state, nextAt } = await w.rowOf(id);
        if (nextAt === null) continue;
        await w.crash();
        await (state === "unknown" ? w.nextWalk(id) : w.ring(id));
      }
    }
    expect(await Promise.all(ids.map(stateOf))).toEqual(ids.map(() => "completed"));
    expect((await w.postsTo("live")) - posts).toBe(6);
  });

  it("a permit whose tracker died before it knew is found by its lease", async () => {
    const world = await w.newWorld();
    armFailPoint("before_post", () => {
      throw new Error("test: died before_post");
    });
    const id = await submit(world);
    armFailPoint("before_post", null);
    const lost = { account: "live", tracker: { tenant: world.tenant, shard: 0 }, weight: 1, queue: true, spares: 0 };
    await w.account("live").request({ ...lost, jobs: [{ jobId: w.hex(16), priority: 1, queuedAt: 1, holds: null }] });
    expect((await w.statusOf("live")).inUse).toBe(1);
    await w.inAccount("live", ({ storage }) => {
      storage.sql.exec("UPDATE permits SET lease_until = 1");
    });
    await w.ringAccount("live");
    expect((await w.statusOf("live")).inUse).toBe(0);
    expect(await stateOf(id)).toBe("queued");
  });

  it("a permit that is used stays when its lease ends; that of an unknown job for ten minutes at most", async () => {
    const world = await w.newWorld();
    const runs = await submit(world, "delay=1h");
    const lost = await submit(world, "cut=before");
    expect(await stateOf(lost)).toBe("unknown");
    const leaseEnds = () =>
      w.inAccount("live", ({ storage }) => {
        storage.sql.exec("UPDATE permits SET lease_until = 1");
      });
    await leaseEnds();
    await w.ringAccount("live");
    expect(await w.statusOf("live")).toMatchObject({ inUse: 2 });
    await w.inTracker(lost, (sql) => sql.exec("UPDATE jobs SET unknown_at = unknown_at - 600000 WHERE id = ?", lost));
    await w.inAccount("live", ({ storage }) => {
      storage.sql.exec("UPDATE permits SET lease_until = 1, unknown_since = unknown_since - 600000");
    });
    await w.ringAccount("live");
    expect(await w.statusOf("live")).toMatchObject({ inUse: 1 });
    await w.upstream("live", "POST", "/control/clock", { advance: "1h" });
    expect(await stateOf(runs)).toBe("running");
  });

  it("a task that is found after its permit was freed is counted again until it ends", async () => {
    const world = await w.newWorld();
    const lost = await submit(world, "delay=1h, cut=after");
    expect(await stateOf(lost)).toBe("unknown");
    await w.inTracker(lost, (sql) => sql.exec("UPDATE jobs SET unknown_at = unknown_at - 600000 WHERE id = ?", lost));
    await w.inAccount("live", ({ storage }) => {
      storage.sql.exec("UPDATE permits SET lease_until = 1");
    });
    await w.ringAccount("live");
    expect(await w.statusOf("live")).toMatchObject({ inUse: 0 });
    const { items } = await w.upstream<{ items: { id: string }[] }>("live", "POST", "/api/v3/predictions", {});
    await w.tracker(lost).hint(lost, w.hook(items[0]?.id ?? ""));
    expect(await stateOf(lost)).toBe("running");
    expect(await w.statusOf("live")).toMatchObject({ inUse: 1 });
    await w.upstream("live", "POST", "/control/clock", { advance: "1h" });
  });

  it("after a 429 no permit that lies ready is used, and the job is sent once", async () => {
    const world = await w.newWorld();
    const runs = await submit(world);
    await w.inTracker(runs, (sql) => {
      for (const id of [9_001, 9_002, 9_003]) {
        sql.exec("INSERT INTO permits (account, id, lease_until) VALUES ('live', ?, ?)", id, Date.now() + 25_000);
      }
    });
    const posts = await w.postsTo("live");
    const pushed = await submit(world, "delay=0s, http=429, retry_after=2, times=9");
    for (let rings = 0; rings < 3; rings++) await w.ring(pushed);
    expect((await w.postsTo("live")) - posts).toBe(1);
    expect(await w.rowOf(pushed)).toMatchObject({ state: "queued", attempts: 1 });
    expect(await w.tracker(pushed).cancel(pushed)).toBe("cancelled");
    await w.inAccount("live", ({ storage }) => {
      storage.sql.exec("UPDATE desk SET blocked_until = 0, pushbacks = 0");
    });
  });

  it("a 503 of one job is its own: others are sent meanwhile", async () => {
    const [world, other] = [await w.newWorld(), await w.newWorld()];
    const busy = await submit(world, "delay=0s, http=503, retry_after=60, times=1");
    expect(await w.rowOf(busy)).toMatchObject({ state: "queued", attempts: 1 });
    expect((await w.statusOf("live")).blockedUntil).toBeNull();
    expect(await stateOf(await submit(other))).toBe("running");
  });

  it("a 429 makes all wait as long as WaveSpeed asks, and the job keeps its place", async () => {
    const [world, other] = [await w.newWorld(), await w.newWorld()];
    const pushed = await submit(world, "delay=0s, http=429, retry_after=30, times=1");
    expect(await stateOf(pushed)).toBe("queued");
    await w.ring(pushed);
    expect(await w.statusOf("live")).toMatchObject({ inUse: 0, waiting: 1 });
    const { blockedUntil } = await w.statusOf("live");
    expect((blockedUntil ?? 0) - Date.now()).toBeGreaterThan(25_000);
    const later = await submit(other);
    expect(await stateOf(later)).toBe("queued");
    await w.inAccount("live", ({ storage }) => {
      storage.sql.exec("UPDATE desk SET blocked_until = 0");
    });
    await w.ringAccount("live");
    expect(await w.until(pushed, ({ state }) => state === "running")).toMatchObject({ state: "running" });
    expect(await w.until(later, ({ state }) => state === "running")).toMatchObject({ state: "running" });
  });
});
