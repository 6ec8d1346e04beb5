import { describe, expect, it } from "vitest";
import * as w from "./world.ts";

const kindsOf = async (world: w.World, id: string) => (await w.entriesOf(world, id)).map(({ kind }) => kind);

/** A task that no job of ours has, as WaveSpeed makes one whose POST was given up long before. */
const makeTask = async (faults: string): Promise<string> =>
  (await w.simulator<{ id: string }>("POST", `/api/v3/${w.T2V}`, { prompt: w.prompt(faults) })).id;

/** Awaited inside: a call's own promise rejects beside every one that hangs on it. */
async function tell(jobId: string, hook: ReturnType<typeof w.hook>): Promise<void> {
  await w.tracker(jobId).hint(jobId, hook);
}

/** A job whose POST was lost, and for which one walk has found nothing. */
async function lost() {
  const world = await w.newWorld();
  const id = await w.submit(world, w.prompt("drop=before"));
  await w.nextWalk(id);
  return { world, id };
}

async function neverSent() {
  const { world, id } = await lost();
  expect(await w.nextWalk(id)).toMatchObject({ state: "failed", outcome: "never_sent" });
  return { world, id };
}

/** No other webhook will name the task: what this one says must not be lost. */
describe("a webhook that names the task of a job which is being given up", () => {
  it("and whose read dies with everything: the alarm reads it, and WaveSpeed's repeat is news", async () => {
    for (const again of ["alarm", "webhook"]) {
      const { world, id } = await neverSent();
      const task = await makeTask("delay=0s, poll.slow=1s, poll.times=1");
      const hook = w.hook(task);
      const told = tell(id, hook);
      const dies = expect(told).rejects.toThrow();
      await expect.poll(async () => (await w.rowOf(id)).upstreamId).toBe(task);
      await w.crash();
      await dies;
      if (again === "webhook") await tell(id, hook);
      else await w.ring(id);
      expect(await w.rowOf(id)).toMatchObject({ state: "completed", nextAt: null });
      expect(await kindsOf(world, id)).toEqual(["hold", "unknown", "release", "loss"]);
    }
  });

  it("before its hold was given back: given back first, then the loss", async () => {
    const { world, id } = await neverSent();
    await w.inTracker(id, (sql) => {
      const settlement = JSON.stringify({ action: "release", outcome: "never_sent", reason: "" });
      sql.exec("UPDATE jobs SET settlement = ?, next_at = 1, open = 1 WHERE id = ?", settlement, id);
    });
    await w.crash();
    await tell(id, w.hook(await makeTask("delay=0s")));
    expect(await w.rowOf(id)).toMatchObject({ state: "completed", settlement: null, nextAt: null });
    expect(await kindsOf(world, id)).toEqual(["hold", "unknown", "release", "loss"]);
  });

  it("while a walk proves that it has none: a loss", async () => {
    const { world, id } = await lost();
    const told = tell(id, w.hook(await makeTask("delay=0s, poll.slow=1s, poll.times=1")));
    expect(await w.nextWalk(id)).toMatchObject({ state: "failed", outcome: "never_sent" });
    await told;
    expect(await w.rowOf(id)).toMatchObject({ state: "completed", nextAt: null });
    expect(await kindsOf(world, id)).toEqual(["hold", "unknown", "release", "loss"]);
  });

  it("and cannot be looked at: not taken, so that WaveSpeed sends it again", async () => {
    const { world, id } = await lost();
    const task = await makeTask("delay=0s, poll.http=503, poll.times=1");
    const hook = w.hook(task);
    await expect(tell(id, hook)).rejects.toThrow("could not be read");
    await tell(id, hook);
    expect(await w.rowOf(id)).toMatchObject({ upstreamId: task });
    await w.finish(id);
    expect(await w.moneyOf(world, id)).toEqual(["hold", "capture"]);
  });

  it("after people gave its hold back: delivered, not charged, a loss", async () => {
    const { world, id } = await lost();
    const decision = { action: "release" as const, reason: "nothing on the bill", actor: "operator:test" };
    expect(await w.tracker(id).resolve(id, decision)).toBe("resolved");
    await tell(id, w.hook(await makeTask("delay=0s")));
    expect(await w.rowOf(id)).toMatchObject({ state: "completed", nextAt: null });
    expect(await kindsOf(world, id)).toEqual(["hold", "unknown", "resolved", "release", "loss"]);
    expect(await w.balance(world)).toEqual({ captured: 0, held: 0 });
  });
});

describe("two equal lost jobs, one task, and a person's word on one of them", () => {
  it.each(["capture", "release"] as const)("%s: the other does not take the task by itself", async (action) => {
    const text = w.prompt("delay=0s");
    const ids: string[] = [];
    for (const cut of ["after", "before"]) {
      await w.simulator("POST", "/control/faults", { match: { prompt_contains: text }, fault: { cut }, times: 1 });
      ids.push(await w.submit(await w.newWorld(), text));
    }
    const [decided = "", other = ""] = ids;
    expect(await w.tasksOf(text)).toHaveLength(1);
    for (const id of ids) await w.nextWalk(id);
    expect(await w.tracker(decided).resolve(decided, { action, reason: "x", actor: "operator:test" })).toBe("resolved");
    for (let walks = 0; walks < 4; walks++) await w.nextWalk(other);
    expect(await w.rowOf(other)).toMatchObject({ state: "unknown", needsOperator: true });
  });
});
