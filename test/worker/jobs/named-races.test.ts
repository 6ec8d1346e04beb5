import { afterEach, describe, expect, it, vi } from "vitest";
import { accountObjectOf } from "../../../src/accounts/account-of.ts";
import { Claims } from "../../../src/accounts/claims.ts";
import { JobsTogether } from "../../../src/jobs/jobs-together.ts";
import { ownerOf, PermitGate } from "../../../src/jobs/permit-gate.ts";
import { testEnv } from "../../support/test-env.ts";
import * as w from "./world.ts";

afterEach(() => vi.restoreAllMocks());

const kindsOf = async (world: w.World, id: string) => (await w.entriesOf(world, id)).map(({ kind }) => kind);

const DAYS_9 = 9 * 86_400_000;

/** A job whose POST was lost, and the task that WaveSpeed made of it. */
async function lost(faults = "delay=0s, cut=after") {
  const world = await w.newWorld();
  const text = w.prompt(faults);
  const id = await w.submit(world, text);
  const [task = ""] = await w.tasksOf(text);
  return { world, id, task };
}

const accountOf = async (id: string) => accountObjectOf(testEnv, ownerOf(await w.rowOf(id)));

describe("a webhook that names the task of a lost job", () => {
  it("whose 8 days end before its own claim is answered: a loss", async () => {
    const { world, id, task } = await lost();
    // The walk had asked for a claim before this one.
    vi.spyOn(Claims.prototype, "enterUnknown").mockReturnValue(null);
    const { claim } = JobsTogether.prototype;
    vi.spyOn(JobsTogether.prototype, "claim").mockImplementationOnce(async function (this: JobsTogether, job) {
      const isOwn = await claim.call(this, job);
      await w.age(id, "created_at", DAYS_9);
      expect(await w.nextWalk(id)).toMatchObject({ state: "expired" });
      return isOwn;
    });
    await w.tracker(id).hint(id, w.hook(task));
    expect(await w.rowOf(id)).toMatchObject({ state: "completed", upstreamId: task, nextAt: null });
    expect(await kindsOf(world, id)).toEqual(["hold", "unknown", "release", "write_off", "loss"]);
  });

  it.each(["proof", "people"] as const)(
    "that has given up its claim by %s, and is still held: its task",
    async (by) => {
      const { world, id, task } = await lost();
      expect(await (await accountOf(id)).abandon(id, by)).toBeNull();
      await w.crash();
      await w.tracker(id).hint(id, w.hook(task));
      expect(await w.finish(id)).toMatchObject({ state: "completed", upstreamId: task });
      expect(await w.moneyOf(world, id)).toEqual(["hold", "capture"]);
    },
  );

  it("before its account heard that it is lost, and dies before its row says so: it learns its task without the list", async () => {
    const enter = vi.spyOn(Claims.prototype, "enterUnknown").mockImplementation(() => {
      throw new Error("away");
    });
    const { world, id, task } = await lost();
    const dies = vi.spyOn(PermitGate.prototype, "found").mockRejectedValueOnce(new Error("it dies"));
    await expect((async () => w.tracker(id).hint(id, w.hook(task)))()).rejects.toThrow("it dies");
    expect(await w.rowOf(id)).toMatchObject({ state: "unknown", upstreamId: null });
    await w.crash();
    for (const spy of [enter, dies]) spy.mockRestore();
    await w.simulator("POST", "/control/faults", { match: { operation: "list" }, fault: { http: 503 }, times: 1 });
    expect(await w.nextWalk(id)).toMatchObject({ upstreamId: task, claimed: true });
    await w.simulator("DELETE", "/control/faults");
    expect(await w.finish(id)).toMatchObject({ state: "completed" });
    expect(await w.moneyOf(world, id)).toEqual(["hold", "capture"]);
  });

  it("before its POST's answer is lost: its task, as soon as that is lost", async () => {
    const world = await w.newWorld();
    const text = w.prompt("delay=0s, slow_after=1s, cut=after");
    const sent = w.send(world, { prompt: text });
    await expect.poll(() => w.tasksOf(text)).toHaveLength(1);
    const [task = ""] = await w.tasksOf(text);
    const [held] = (await world.ledger.entries(0, 1)).entries;
    const id = held?.body.kind === "hold" ? held.body.job.jobId : "";
    expect(await w.rowOf(id)).toMatchObject({ state: "submitting" });
    await w.tracker(id).hint(id, w.hook(task));
    await (await sent).body?.cancel();
    expect(await w.rowOf(id)).toMatchObject({ upstreamId: task, claimed: true });
    await w.finish(id);
    expect(await w.moneyOf(world, id)).toEqual(["hold", "capture"]);
  });

  it("and is not there to be read yet: not taken, so that WaveSpeed sends it again", async () => {
    const { id } = await lost("cut=before");
    const told = async () => w.tracker(id).hint(id, w.hook(w.hex(16)));
    await expect(told()).rejects.toThrow("could not be read");
  });
});

describe("a webhook that names nothing", () => {
  it("is no task of a job that was given up: the one that names it is still heard", async () => {
    const { world, id } = await lost("cut=before");
    for (let walks = 0; walks < 3; walks++) await w.nextWalk(id);
    expect(await w.rowOf(id)).toMatchObject({ outcome: "never_sent" });
    await w.tracker(id).hint(id, w.hook(""));
    expect(await w.rowOf(id)).toMatchObject({ upstreamId: null, nextAt: null });
    const task = (await w.simulator<{ id: string }>("POST", `/api/v3/${w.T2V}`, { prompt: w.prompt("delay=0s") })).id;
    await w.tracker(id).hint(id, w.hook(task));
    expect(await kindsOf(world, id)).toEqual(["hold", "unknown", "release", "loss"]);
  });
});
