import { describe, expect, it } from "vitest";
import { completeTo } from "../../../src/reporting/index.ts";
import { testEnv } from "../../support/test-env.ts";
import * as w from "./world.ts";

const DAY = 24 * 3_600_000;

const kindsOf = async (world: w.World, id: string) => (await w.entriesOf(world, id)).map(({ kind }) => kind);

const alertsOf = async (subject: string): Promise<string[]> => {
  const { results } = await testEnv.CONTROL.prepare("SELECT kind FROM alerts WHERE subject = ? ORDER BY kind")
    .bind(subject)
    .all<{ kind: string }>();
  return results.map(({ kind }) => kind);
};

/** A job that reached its eighth day with the upstream away, though its task had ended by then. */
async function expired() {
  const world = await w.newWorld();
  const id = await w.submit(world, w.prompt("delay=0s, poll.http=503, poll.times=1"));
  await w.age(id, "created_at", 8 * DAY + 1_000);
  expect(await w.ring(id)).toMatchObject({ state: "expired" });
  return { world, id };
}

describe("a job that was given up", () => {
  it("after 8 days is released with a write-off and an alert, and looked at on", async () => {
    const { world, id } = await expired();
    expect(await kindsOf(world, id)).toEqual(["hold", "release", "write_off"]);
    expect(await alertsOf(id)).toEqual(["write_off"]);
    expect((await w.rowOf(id)).nextAt).toBeGreaterThan(Date.now() + 5 * 3_600_000);
  });

  it("and completes after all: delivered, not charged, a loss with an alert, once", async () => {
    const { world, id } = await expired();
    expect(await w.ring(id)).toMatchObject({ state: "completed", loss: null, nextAt: null });
    expect(await kindsOf(world, id)).toEqual(["hold", "release", "write_off", "loss"]);
    expect(await alertsOf(id)).toEqual(["loss", "write_off"]);
    expect(await w.balance(world)).toEqual({ captured: 0, held: 0 });
    expect((await w.tracker(id).view(id))?.result?.outputs).toHaveLength(1);

    const again = { jobId: id, costMicros: w.PRICE, upstreamId: "another", reason: "" };
    expect(await world.ledger.recordLoss(again)).toBe("known");
    expect(await kindsOf(world, id)).toHaveLength(4);
  });

  it.each(["cancelled", "deleted"])("and was %s, but is on the bill: a loss with an alert, once", async (end) => {
    const world = await w.newWorld();
    const faults = `delay=0s, end=${end}, refund=false, poll.http=503, poll.times=1`;
    const id = await w.submit(world, w.prompt(faults));
    await w.age(id, "created_at", 8 * DAY + 1_000);
    expect(await w.ring(id)).toMatchObject({ state: "expired" });
    expect(await w.ring(id)).toMatchObject({ state: "expired", loss: null, lossBooked: true, nextAt: null });
    expect((await w.entriesOf(world, id)).at(-1)).toMatchObject({
      kind: "loss",
      costMicros: w.PRICE,
      undelivered: true,
    });
    expect(await alertsOf(id)).toEqual(["loss", "write_off"]);
    expect(await w.balance(world)).toEqual({ captured: 0, held: 0 });
    const { upstreamId } = await w.rowOf(id);
    await w.tracker(id).hint(id, w.hook(upstreamId ?? ""));
    expect(await kindsOf(world, id)).toEqual(["hold", "release", "write_off", "loss"]);
    expect(await w.rowOf(id)).toMatchObject({ nextAt: null, loss: null });
    // The report has seen the loss, and does not take it for an output.
    const reported = () =>
      testEnv.REPORT.prepare("SELECT status, outcome FROM jobs WHERE id = ?").bind(id).first<{ status: string }>();
    await expect.poll(reported, { timeout: 10_000 }).toMatchObject({ status: "expired" });
    const { headSeq } = await world.ledger.entries(0, 500);
    const seen = async () => (await completeTo(testEnv.REPORT, world.tenant)).seq;
    await expect.poll(seen, { timeout: 10_000 }).toBe(headSeq);
    expect(await reported()).toEqual({ status: "expired", outcome: "expired" });
  });

  it("and was cancelled and refunded: no loss", async () => {
    const world = await w.newWorld();
    const id = await w.submit(world, w.prompt("delay=0s, end=cancelled, refund, poll.http=503, poll.times=1"));
    await w.age(id, "created_at", 8 * DAY + 1_000);
    await w.ring(id);
    expect(await w.ring(id)).toMatchObject({ state: "expired", lossBooked: false, nextAt: null });
    expect(await kindsOf(world, id)).toEqual(["hold", "release", "write_off"]);
  });

  it("whose loss was not written down when everything died: written after", async () => {
    const { world, id } = await expired();
    await w.inTracker(id, (sql) => {
      sql.exec("UPDATE jobs SET state = 'completed', loss = 'completed late' WHERE id = ?", id);
    });
    await w.crash();
    expect(await w.ring(id)).toMatchObject({ loss: null });
    expect(await kindsOf(world, id)).toEqual(["hold", "release", "write_off", "loss"]);
  });

  it("whose write-off and loss were written down when everything died before the alerts: the alerts follow", async () => {
    const { world, id } = await expired();
    const forget = () => testEnv.CONTROL.prepare("DELETE FROM alerts WHERE subject = ?").bind(id).run();
    await forget();
    await w.inTracker(id, (sql) => {
      const settlement = JSON.stringify({ action: "release", outcome: "expired", reason: "" });
      sql.exec("UPDATE jobs SET settlement = ?, next_at = next_at % 1000 + 1 WHERE id = ?", settlement, id);
    });
    await w.crash();
    expect(await w.ring(id)).toMatchObject({ state: "expired", settlement: null });
    expect(await alertsOf(id)).toEqual(["write_off"]);
    expect(await w.ring(id)).toMatchObject({ state: "completed" });
    await forget();
    await w.inTracker(id, (sql) => sql.exec("UPDATE jobs SET loss = 'again', next_at = 1, open = 1 WHERE id = ?", id));
    await w.crash();
    expect(await w.ring(id)).toMatchObject({ loss: null });
    expect(await alertsOf(id)).toEqual(["loss"]);
    expect(await kindsOf(world, id)).toEqual(["hold", "release", "write_off", "loss"]);
  });

  it("as never sent, and whose task turns up: claimed, delivered, a loss", async () => {
    const world = await w.newWorld();
    const id = await w.submit(world, w.prompt("drop=before"));
    await w.nextWalk(id);
    expect(await w.nextWalk(id)).toMatchObject({ state: "failed", outcome: "never_sent" });
    const text = w.prompt("delay=0s");
    const made = await w.simulator<{ id: string }>("POST", `/api/v3/${w.T2V}`, { prompt: text });
    await w.tracker(id).hint(id, w.hook(made.id));
    expect(await w.rowOf(id)).toMatchObject({ state: "completed", upstreamId: made.id });
    expect(await w.moneyOf(world, id)).toEqual(["hold", "release"]);
    expect((await kindsOf(world, id)).at(-1)).toBe("loss");
  });

  /** A job that nobody found a task for until it was given up, in one way or the other. */
  const GIVEN_UP: [string, () => Promise<{ world: w.World; id: string }>][] = [
    [
      "expired as unknown",
      async () => {
        const world = await w.newWorld();
        const id = await w.submit(world, w.prompt("http=500, created"));
        await w.age(id, "created_at", 8 * DAY + 1_000);
        return { world, id };
      },
    ],
    [
      "never sent",
      async () => {
        const world = await w.newWorld();
        const id = await w.submit(world, w.prompt("http=500"));
        await w.nextWalk(id);
        return { world, id };
      },
    ],
  ];

  it.each(GIVEN_UP)("%s, and whose task turns up while it still works: looked at until it ends", async (_how, make) => {
    const { world, id } = await make();
    await w.nextWalk(id);
    expect(await w.rowOf(id)).toMatchObject({ nextAt: null, settlement: null });
    const faults = "delay=0s, poll.status=processing, poll.times=1";
    const made = await w.simulator<{ id: string }>("POST", `/api/v3/${w.T2V}`, { prompt: w.prompt(faults) });
    await w.tracker(id).hint(id, w.hook(made.id));
    const { nextAt, upstreamId } = await w.rowOf(id);
    expect(upstreamId).toBe(made.id);
    expect(nextAt).toBeGreaterThan(Date.now() + 5 * 3_600_000);
    expect(await w.ring(id)).toMatchObject({ state: "completed", loss: null, nextAt: null });
    expect(await w.balance(world)).toEqual({ captured: 0, held: 0 });
    expect((await kindsOf(world, id)).at(-1)).toBe("loss");
  });

  it.each(["poll.http=503", "poll.http=404", "poll.status=dreaming", "poll.cut=after"])(
    "as never sent, and whose task cannot be read when a webhook names it (%s): it is looked at again",
    async (fault) => {
      const world = await w.newWorld();
      const id = await w.submit(world, w.prompt("drop=before"));
      await w.nextWalk(id);
      await w.nextWalk(id);
      const text = w.prompt(`delay=0s, ${fault}, poll.times=1`);
      const made = await w.simulator<{ id: string }>("POST", `/api/v3/${w.T2V}`, { prompt: text });
      await w.tracker(id).hint(id, w.hook(made.id));
      expect(await w.rowOf(id)).toMatchObject({ state: "failed", upstreamId: made.id });
      await w.crash();
      expect(await w.ring(id)).toMatchObject({ state: "completed", nextAt: null });
      expect((await kindsOf(world, id)).at(-1)).toBe("loss");
    },
  );

  it("is not given a task that is another job's", async () => {
    const world = await w.newWorld();
    const id = await w.submit(world, w.prompt("drop=before"));
    await w.nextWalk(id);
    await w.nextWalk(id);
    const other = await w.submit(world, w.prompt("delay=0s"));
    const { upstreamId } = await w.finish(other);
    await w.tracker(id).hint(id, w.hook(upstreamId ?? ""));
    expect(await w.rowOf(id)).toMatchObject({ state: "failed", upstreamId: null });
    expect((await kindsOf(world, id)).at(-1)).toBe("release");
  });
});
