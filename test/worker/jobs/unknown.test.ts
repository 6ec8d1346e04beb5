import { runInDurableObject } from "cloudflare:test";
import { afterEach, describe, expect, it, vi } from "vitest";
import { accountObjectOf } from "../../../src/accounts/account-of.ts";
import { testEnv } from "../../support/test-env.ts";
import { spyFetch } from "../../support/spy-fetch.ts";
import * as w from "./world.ts";

const DAY = 24 * 3_600_000;

afterEach(() => vi.restoreAllMocks());

const account = () => accountObjectOf(testEnv, { mode: "live", tenant: "", name: null });

/** A task is claimed right after the submit's answer. */
const isClaimed = (upstreamId: string | null) =>
  expect.poll(() => account().unclaimed("nobody", [upstreamId ?? ""])).toEqual([]);

const claim = async (upstreamId: string, jobId: string, isLost = false) =>
  (await account().claim([{ upstreamId, jobId, isLost, sentWith: null }]))[0];

/** A job whose POST was answered, but not so that anybody heard it. */
async function lost(faults: string) {
  const world = await w.newWorld();
  const text = w.prompt(faults);
  const posts = await w.postsSoFar();
  const id = await w.submit(world, text);
  expect((await w.rowOf(id)).state).toBe("unknown");
  return { world, text, posts, id };
}

/** The kinds of a job's entries, in order. */
const kindsOf = async (world: w.World, id: string) => (await w.entriesOf(world, id)).map(({ kind }) => kind);

describe("a lost reply", () => {
  const CREATED = [
    "cut=after",
    "drop=after",
    "no_id",
    "malformed",
    "http=504, created",
    "http=502, bare, created",
    "http=503, bare, created",
    "http=408, created",
    "http=500, created",
  ];

  it.each(CREATED)("%s: never sent again, found in the list, charged once", async (faults) => {
    const { world, id, text, posts } = await lost(`delay=0s, ${faults}`);
    await w.crash();
    expect(await w.finish(id)).toMatchObject({ state: "completed", claimed: true, settlement: null });
    expect((await w.postsSoFar()) - posts).toBe(1);
    expect((await w.rowOf(id)).upstreamId).toBe((await w.tasksOf(text))[0]);
    expect(await kindsOf(world, id)).toEqual(["hold", "unknown", "unknown", "capture"]);
    expect(await w.balance(world)).toEqual({ captured: w.PRICE, held: 0 });
  });

  it.each(["cut=before", "drop=before", "http=502, bare", "http=503, bare", "http=500"])(
    "%s: nothing was created, released after two walks, never sent again",
    async (faults) => {
      const { world, id, text, posts } = await lost(faults);
      expect(await w.nextWalk(id)).toMatchObject({ state: "unknown", walks: 1 });
      expect(await w.moneyOf(world, id)).toEqual(["hold"]);
      expect(await w.ring(id), "a second walk too soon").toMatchObject({ state: "unknown", walks: 1 });
      await w.crash();
      expect(await w.nextWalk(id)).toMatchObject({ state: "failed", outcome: "never_sent" });
      expect(await w.moneyOf(world, id)).toEqual(["hold", "release"]);
      expect((await w.postsSoFar()) - posts).toBe(1);
      expect(await w.tasksOf(text)).toHaveLength(0);
    },
  );

  it("a list that cannot be read proves nothing", async () => {
    const { world, id } = await lost("cut=before");
    const fault = { match: { operation: "list" }, times: 3 };
    for (const how of [{ http: 503 }, { malformed: true }, { cut: "after" }]) {
      await w.simulator("POST", "/control/faults", { ...fault, times: 1, fault: how });
      expect(await w.nextWalk(id)).toMatchObject({ state: "unknown", walks: 0 });
    }
    expect(await w.moneyOf(world, id)).toEqual(["hold"]);
    await w.finish(id);
    expect(await w.moneyOf(world, id)).toEqual(["hold", "release"]);
  });

  it("a list whose times cannot be read proves nothing", async () => {
    const { world, id } = await lost("delay=0s, cut=after");
    spyFetch(async (request, real) => {
      const response = await real(request);
      const listing = request.url.endsWith("/api/v3/predictions");
      return listing ? new Response((await response.text()).replaceAll("created_at", "createdAt"), response) : response;
    });
    await w.nextWalk(id);
    await w.nextWalk(id);
    await w.nextWalk(id);
    expect(await w.moneyOf(world, id)).toEqual(["hold"]);
  });

  it("keeps a task that it claimed, though it died before it wrote so down", async () => {
    const { world, id, text } = await lost("delay=0s, cut=after");
    const [task] = await w.tasksOf(text);
    expect(await claim(task ?? "", id)).toBe(true);
    await w.crash();
    await w.finish(id);
    expect(await w.moneyOf(world, id)).toEqual(["hold", "capture"]);
  });

  it("is open for 8 days with a candidate that nobody decides on, then expires", async () => {
    const { world, id } = await lost("delay=0s, cut=after");
    await account().enterUnknown(w.hex(16), (await w.rowOf(id)).inputHash);
    for (let walk = 0; walk < 3; walk++) expect((await w.nextWalk(id)).state).toBe("unknown");
    expect(await kindsOf(world, id)).toEqual(["hold", "unknown", "needs_operator"]);
    await w.age(id, "created_at", 8 * DAY + 1_000);
    expect(await w.finish(id)).toMatchObject({ state: "expired" });
    expect(await w.moneyOf(world, id)).toEqual(["hold", "release"]);
  });
});

describe("a lost job that ended", () => {
  it("stands in the way of no other with its input", async () => {
    const { id } = await lost("delay=0s, cut=after");
    await account().enterUnknown(w.hex(16), (await w.rowOf(id)).inputHash);
    await w.nextWalk(id);
    await w.age(id, "created_at", 8 * DAY + 1_000);
    expect(await w.finish(id)).toMatchObject({ state: "expired" });
    const stub = testEnv.UPSTREAM_ACCOUNT.get(testEnv.UPSTREAM_ACCOUNT.idFromName("live"));
    const left = await runInDurableObject(stub, (_object, state) =>
      state.storage.sql.exec("SELECT job_id FROM unknowns WHERE job_id = ?", id).toArray(),
    );
    expect(left).toEqual([]);
  });
});

describe("a task belongs to one job, ever", () => {
  it("a claim is refused to the second job, and confirmed to the first", async () => {
    const [task, first, second] = [w.hex(16), w.hex(16), w.hex(16)];
    expect(await claim(task, first)).toBe(true);
    expect(await claim(task, second)).toBe(false);
    await w.crash();
    expect(await claim(task, second)).toBe(false);
    expect(await claim(task, first)).toBe(true);
  });

  it("a lost job owns one task at most", async () => {
    const job = w.hex(16);
    expect(await claim(w.hex(16), job, true)).toBe(true);
    for (const isLost of [true, false]) expect(await claim(w.hex(16), job, isLost)).toBe(false);
  });

  it("a lost job whose tracker dies between its task's claim and its row has that task, whatever is named next", async () => {
    const { world, id, text } = await lost("delay=0s, cut=after");
    const task = w.hex(16);
    expect(await claim(task, id, true)).toBe(true);
    await w.crash();
    const [named = ""] = await w.tasksOf(text);
    await w.tracker(id).hint(id, w.hook(named));
    expect(await w.rowOf(id)).toMatchObject({ state: "unknown", upstreamId: null });
    expect(await w.nextWalk(id)).toMatchObject({ upstreamId: task });
    expect(await w.moneyOf(world, id)).toEqual(["hold"]);
  });

  it("of many at once, one claims", async () => {
    const task = w.hex(16);
    const claims = await Promise.all(Array.from({ length: 20 }, () => claim(task, w.hex(16))));
    expect(claims.filter(Boolean)).toHaveLength(1);
  });

  it("two equal unknown jobs and one task: neither takes it, people decide", async () => {
    const text = w.prompt("delay=0s");
    const worlds = [await w.newWorld(), await w.newWorld()];
    const jobs: string[] = [];
    for (const [world, cut] of [
      [worlds[0], "after"],
      [worlds[1], "before"],
    ] as const) {
      if (!world) throw new Error("there is no world");
      await w.simulator("POST", "/control/faults", { match: { prompt_contains: text }, fault: { cut }, times: 1 });
      jobs.push(await w.submit(world, text));
    }
    expect(await w.tasksOf(text)).toHaveLength(1);
    for (let walk = 0; walk < 4; walk++) for (const id of jobs) await w.nextWalk(id);
    for (const [at, id] of jobs.entries()) {
      expect(await w.rowOf(id)).toMatchObject({ state: "unknown", needsOperator: true });
      const world = worlds[at];
      if (world) expect(await kindsOf(world, id)).toEqual(["hold", "unknown", "needs_operator"]);
    }
  });

  it("two equal jobs that are not lost are two tasks, each charged once", async () => {
    const world = await w.newWorld();
    const text = w.prompt("delay=0s");
    const jobs = [await w.submit(world, text), await w.submit(world, text)];
    for (const id of jobs) await w.finish(id);
    expect(await w.tasksOf(text)).toHaveLength(2);
    expect(await w.balance(world)).toEqual({ captured: 2 * w.PRICE, held: 0 });
  });

  it("a lost job does not take the task of an equal job that has one", async () => {
    const world = await w.newWorld();
    const text = w.prompt("delay=0s");
    await w.simulator("POST", "/control/faults", {
      match: { prompt_contains: text },
      fault: { cut: "before" },
      times: 1,
    });
    const lostOne = await w.submit(world, text);
    const other = await w.submit(world, text);
    await isClaimed((await w.rowOf(other)).upstreamId);
    await w.finish(lostOne);
    await w.finish(other);
    expect(await w.moneyOf(world, lostOne)).toEqual(["hold", "release"]);
    expect(await w.moneyOf(world, other)).toEqual(["hold", "capture"]);
  });

  /** WaveSpeed answers two submits with one and the same id. */
  async function twins() {
    const world = await w.newWorld();
    const first = await w.submit(world, w.prompt("delay=0s"));
    const { upstreamId } = await w.rowOf(first);
    spyFetch(async (request, real) => {
      const response = await real(request);
      const posting = request.method === "POST" && request.url.includes("/kling-");
      if (!posting) return response;
      return new Response((await response.text()).replace(/"id":"[0-9a-f]{32}"/, `"id":"${upstreamId}"`), response);
    });
    const second = await w.submit(world, w.prompt("delay=0s"));
    vi.restoreAllMocks();
    await expect.poll(async () => (await w.rowOf(second)).state).toBe("unknown");
    return { world, first, second };
  }

  it("a job that was told another's id is not charged for it", async () => {
    const { world, first, second } = await twins();
    await w.finish(first);
    expect(await w.rowOf(second)).toMatchObject({ state: "unknown", needsOperator: true, claimed: false });
    await w.nextWalk(second);
    expect(await w.moneyOf(world, first)).toEqual(["hold", "capture"]);
    expect(await w.moneyOf(world, second)).toEqual(["hold"]);
  });

  it("a job that was told another's id ends after 8 days at the latest", async () => {
    const { world, second } = await twins();
    await w.age(second, "created_at", 8 * DAY + 1_000);
    expect(await w.finish(second)).toMatchObject({ state: "expired", upstreamId: null, nextAt: null });
    expect((await w.tracker(second).view(second))?.result?.outputs, "not the other's video").toEqual([]);
    expect(await kindsOf(world, second)).not.toContain("loss");
    expect(await w.moneyOf(world, second)).toEqual(["hold", "release"]);
  });

  it("a job that was told another's id never shows that task or its output, not even after it expired", async () => {
    const { world, second } = await twins();
    expect(await w.rowOf(second)).toMatchObject({ upstreamId: null });
    await w.age(second, "created_at", 8 * DAY + 1_000);
    expect(await w.finish(second)).toMatchObject({ state: "expired", upstreamId: null });
    expect((await w.tracker(second).view(second))?.result?.outputs).toEqual([]);
    expect(await kindsOf(world, second)).not.toContain("loss");
  });
});
