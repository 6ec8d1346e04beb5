import { afterEach, describe, expect, it } from "vitest";
import { parseJobId } from "../../../src/keys/job-id.ts";
import { armFailPoint, FAIL_POINTS, type FailPoint } from "../../../src/observability/fail-point.ts";
import { auditOf } from "../../support/audit-of.ts";
import { ROUTE } from "../../support/route.ts";
import * as w from "./world.ts";

afterEach(() => {
  for (const name of FAIL_POINTS) armFailPoint(name, null);
});

/** The worker or object dies at this point, each time that it is passed, until the test revives it. */
function dieAt(name: FailPoint): { count: () => number } {
  let deaths = 0;
  armFailPoint(name, () => {
    deaths += 1;
    throw new Error(`test: died ${name}`);
  });
  return { count: () => deaths };
}

describe("a crash at any point: one POST at most, and the hold ends exactly once", () => {
  /** Those at which its POST was made, or is made after all. A job that waits first passes all of them. */
  const IN_TRACKER = FAIL_POINTS.filter((name) => name !== "after_reserve" && name !== "after_start_stored");

  it.each(IN_TRACKER)("%s: the alarm finishes the job, captured once", async (name) => {
    const world = await w.newWorld();
    const waits = name === "before_post";
    const text = w.prompt(waits ? "delay=0s, http=429, times=1" : "delay=0s");
    const posts = (await w.postsSoFar()) + Number(waits);
    const deaths = dieAt(name);
    const id = await w.submit(world, text);
    // Twice more with the fault still there: as if every new instance died as well.
    for (let time = 0; time < 2; time++) {
      await w.crash();
      await w.ring(id);
    }
    expect(deaths.count()).toBeGreaterThan(0);
    armFailPoint(name, null);
    await w.crash();
    const end = await w.finish(id);
    expect(end).toMatchObject({ state: "completed", nextAt: null, settlement: null });
    expect(await w.moneyOf(world, id)).toEqual(["hold", "capture"]);
    expect(await w.balance(world)).toEqual({ captured: w.PRICE, held: 0 });
    expect((await w.postsSoFar()) - posts).toBe(1);
    expect(await w.tasksOf(text)).toEqual([end.upstreamId]);
    expect(await auditOf(world.ledger)).toMatchObject({ consistent: true });
  });

  it.each(IN_TRACKER)("%s, of a task that fails: released once", async (name) => {
    const world = await w.newWorld();
    const waits = name === "before_post";
    const posts = (await w.postsSoFar()) + Number(waits);
    dieAt(name);
    const id = await w.submit(world, w.prompt(waits ? "delay=0s, fail, http=429, times=1" : "delay=0s, fail"));
    await w.ring(id);
    armFailPoint(name, null);
    await w.crash();
    expect(await w.finish(id)).toMatchObject({ state: "failed", nextAt: null });
    expect(await w.moneyOf(world, id)).toEqual(["hold", "release"]);
    expect(await w.balance(world)).toEqual({ captured: 0, held: 0 });
    expect((await w.postsSoFar()) - posts).toBe(1);
  });

  it("after_start_stored, which permitted the POST: nobody knows that it was not made, so its task is looked for, and the hold goes back", async () => {
    const world = await w.newWorld();
    const posts = await w.postsSoFar();
    dieAt("after_start_stored");
    const id = await w.submit(world, w.prompt());
    armFailPoint("after_start_stored", null);
    await w.crash();
    expect(await w.ring(id)).toMatchObject({ state: "unknown" });
    expect(await w.finish(id)).toMatchObject({ state: "failed", outcome: "never_sent", settlement: null });
    expect(await w.moneyOf(world, id)).toEqual(["hold", "release"]);
    expect(await w.postsSoFar()).toBe(posts);
  });

  it("after_reserve: the ledger's alarm voids and releases it, and it can never start", async () => {
    const world = await w.newWorld();
    const posts = await w.postsSoFar();
    dieAt("after_reserve");
    const id = await w.submit(world, w.prompt());
    armFailPoint("after_reserve", null);
    expect(await w.balance(world)).toEqual({ captured: 0, held: w.PRICE });
    await w.ledgerAlarm(world.tenant);
    expect(await w.moneyOf(world, id)).toEqual(["hold", "release"]);
    const [hold] = await w.entriesOf(world, id);
    if (hold?.kind !== "hold") throw new Error("there is no hold");
    const request = {
      tenant: world.tenant,
      job: hold.job,
      input: new TextEncoder().encode("{}"),
      inputHash: "f".repeat(64),
      route: ROUTE,
      keepInputMs: 0,
      waitMs: 2_000,
    };
    expect(await w.tracker(id).start(request)).toBeNull();
    await w.crash();
    expect(await w.tracker(id).start(request)).toBeNull();
    expect(await w.tracker(id).view(id)).toBeNull();
    expect((await w.postsSoFar()) - posts).toBe(0);
  });

  it("a hold that is old is kept while its tracker has the job", async () => {
    const world = await w.newWorld();
    const id = await w.submit(world, w.prompt("delay=1h"));
    await w.ledgerAlarm(world.tenant);
    expect(await w.moneyOf(world, id)).toEqual(["hold"]);
    expect((await w.rowOf(id)).state).toBe("running");
  });
});

describe("void and start", () => {
  async function admitted() {
    const world = await w.newWorld();
    dieAt("after_reserve");
    const text = w.prompt("delay=0s");
    const id = await w.submit(world, text);
    armFailPoint("after_reserve", null);
    const [hold] = await w.entriesOf(world, id);
    if (hold?.kind !== "hold") throw new Error("there is no hold");
    const input = new TextEncoder().encode(JSON.stringify({ prompt: text, duration: 5 }));
    return {
      world,
      id,
      text,
      request: {
        tenant: world.tenant,
        job: hold.job,
        input,
        inputHash: "f".repeat(64),
        route: ROUTE,
        keepInputMs: 0,
        waitMs: 2_000,
      },
    };
  }

  it("race: exactly one of them wins, in whichever order they come", async () => {
    for (let round = 0; round < 8; round++) {
      const { id, request, text } = await admitted();
      const start = () => w.tracker(id).start(request);
      const undo = () => w.tracker(id).voidUnstarted([id]);
      const first = round % 2 === 0 ? start() : null;
      const undone = undo();
      const [view, verdict] = await Promise.all([first ?? start(), undone]);
      expect(verdict.voided.length + verdict.known.length).toBe(1);
      expect(view === null).toBe(verdict.voided.includes(id));
      expect(await w.tasksOf(text)).toHaveLength(view === null ? 0 : 1);
    }
  });

  it("a started job cannot be voided, not even after it ended and memory was lost", async () => {
    const { id, request } = await admitted();
    await w.tracker(id).start(request);
    expect(await w.tracker(id).voidUnstarted([id])).toEqual({ known: [id], voided: [] });
    await w.finish(id);
    await w.crash();
    expect(await w.tracker(id).voidUnstarted([id])).toEqual({ known: [id], voided: [] });
  });

  it("start is idempotent by job id: the same again sends nothing", async () => {
    const { id, request, text } = await admitted();
    await Promise.all([1, 2, 3, 4].map(() => w.tracker(id).start(request)));
    await w.crash();
    await w.tracker(id).start(request);
    expect(await w.tasksOf(text)).toHaveLength(1);
  });

  it("voiding is idempotent, and knows its jobs from strangers' in one call", async () => {
    const { id, request } = await admitted();
    await w.tracker(id).start(request);
    const address = parseJobId(id);
    const stranger = `${id.slice(0, 16)}${w.hex(8)}`;
    expect(address).not.toBeNull();
    for (let time = 0; time < 2; time++) {
      expect(await w.tracker(id).voidUnstarted([stranger, id])).toEqual({ known: [id], voided: [stranger] });
    }
  });
});
