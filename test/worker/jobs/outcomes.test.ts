import { describe, expect, it } from "vitest";
import { testEnv } from "../../support/test-env.ts";
import * as w from "./world.ts";

const KEY = testEnv.WAVESPEED_API_KEY;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

async function started(faults: string) {
  const world = await w.newWorld();
  const text = w.prompt(faults);
  const posts = await w.postsSoFar();
  const id = await w.submit(world, text);
  return { world, text, posts, id };
}

describe("each end of a task, in money", () => {
  const ENDS: [string, string, string, string][] = [
    ["completed", "delay=0s", "completed", "capture"],
    ["completed and flagged", "delay=0s, nsfw", "completed", "capture"],
    ["failed", "delay=0s, fail", "failed", "release"],
    ["refused by moderation after the start", "delay=0s, moderated", "failed", "release"],
    ["timed out upstream", "delay=0s, end=timeout", "failed", "release"],
    ["cancelled and not refunded", "delay=0s, end=cancelled, refund=false", "cancelled", "capture"],
    ["cancelled and refunded", "delay=0s, end=cancelled, refund", "cancelled", "release"],
    ["deleted and not refunded", "delay=0s, end=deleted, refund=false", "cancelled", "capture"],
    ["deleted and refunded", "delay=0s, end=deleted, refund", "cancelled", "release"],
  ];

  it.each(ENDS)("%s [%s]: %s, %s", async (_name, faults, state, action) => {
    const { world, id, text, posts } = await started(faults);
    expect(await w.finish(id)).toMatchObject({ state, settlement: null });
    expect(await w.moneyOf(world, id)).toEqual(["hold", action]);
    expect(await w.balance(world)).toEqual({ captured: action === "capture" ? w.PRICE : 0, held: 0 });
    expect(await w.tasksOf(text)).toHaveLength(1);
    expect((await w.postsSoFar()) - posts).toBe(1);
  });

  it("refused input: the tenant gets the upstream's status and message, and the hold back", async () => {
    const world = await w.newWorld();
    const response = await w.send(world, { prompt: w.prompt("refuse=1402, message=no such media") });
    expect(response.status).toBe(400);
    expect(JSON.stringify(await response.json())).toContain("no such media");
    expect(await w.balance(world)).toEqual({ captured: 0, held: 0 });
  });

  it("invariant 11: our key in the upstream's message reaches neither the tenant nor what is stored", async () => {
    const world = await w.newWorld();
    const response = await w.send(world, { prompt: w.prompt(`refuse=1402, message=no media for ${KEY}`) });
    const shown = JSON.stringify(await response.json());
    expect(shown).toContain("no media for [redacted]");
    const { entries } = await world.ledger.entries(0, 10);
    expect(JSON.stringify(entries)).toContain("no media for [redacted]");
    expect(shown + JSON.stringify(entries)).not.toContain(KEY);
  });

  it("a task that fails for want of credits is given back, and operators are told", async () => {
    const world = await w.newWorld();
    const id = await w.submit(world, w.prompt("delay=0s, fail=1407"));
    await w.finish(id);
    expect(await w.moneyOf(world, id)).toEqual(["hold", "release"]);
    const alerts = testEnv.CONTROL.prepare("SELECT message FROM alerts WHERE kind = 'upstream_account'");
    expect((await alerts.all()).results.map((row) => row["message"])).toContainEqual(
      expect.stringContaining("want of credits"),
    );
  });

  it.each(["http=401", "http=402", "http=403", "http=400, code=1407"])(
    "our account's fault (%s): released, 503, and nothing of it shown",
    async (faults) => {
      const world = await w.newWorld();
      const secret = "the operator is broke";
      const response = await w.send(world, { prompt: w.prompt(`${faults}, message=${secret}`) });
      expect(response.status).toBe(503);
      expect(await response.text()).not.toContain(secret);
      expect(await w.balance(world)).toEqual({ captured: 0, held: 0 });
    },
  );

  it("what the client is told and what the ledger did are one and the same", async () => {
    const { world, id } = await started("delay=0s, end=timeout");
    await w.finish(id);
    const response = await w.gateway(`/api/v3/predictions/${id}/result`, {
      headers: { authorization: `Bearer ${world.key}` },
    });
    expect((await response.json<{ data: { status: string } }>()).data.status).toBe("failed");
    expect(await w.moneyOf(world, id)).toEqual(["hold", "release"]);
  });
});

describe("timing out is not failing", () => {
  it("a late completion is captured and delivered", async () => {
    const { world, id } = await started("delay=400ms");
    await w.age(id, "created_at", 7 * DAY);
    expect(await w.ring(id)).toMatchObject({ state: "running" });
    await scheduler.wait(500);
    expect(await w.ring(id)).toMatchObject({ state: "completed" });
    expect(await w.moneyOf(world, id)).toEqual(["hold", "capture"]);
    expect((await w.tracker(id).view(id))?.result?.outputs).toHaveLength(1);
  });

  it("after 8 days without an end the hold is released, and the tenant sees a time-out", async () => {
    const { world, id } = await started("delay=1h");
    await w.age(id, "created_at", 8 * DAY + 1_000);
    expect(await w.finish(id)).toMatchObject({ state: "expired" });
    expect(await w.moneyOf(world, id)).toEqual(["hold", "release"]);
  });

  it("polls that fail, are cut or make no sense leave the job running; the end is seen after", async () => {
    for (const fault of [
      "poll.http=503",
      "poll.http=500, poll.bare",
      "poll.cut=after",
      "poll.drop=after",
      "poll.malformed",
      "poll.http=429",
    ]) {
      const { world, id, posts } = await started(`delay=0s, ${fault}, poll.times=2`);
      expect((await w.ring(id)).state, fault).toBe("running");
      expect((await w.ring(id)).state, fault).toBe("running");
      expect((await w.ring(id)).state, fault).toBe("completed");
      expect(await w.moneyOf(world, id)).toEqual(["hold", "capture"]);
      expect((await w.postsSoFar()) - posts).toBe(1);
    }
  });
});

describe("an unknown status is never by itself a charge or a refund", () => {
  it("stays running, and billing is asked after 24 hours", async () => {
    const { world, id } = await started("delay=0s, end_status=pondering");
    expect(await w.ring(id)).toMatchObject({ state: "running" });
    await w.age(id, "odd_since", DAY - HOUR);
    expect(await w.ring(id)).toMatchObject({ state: "running" });
    expect(await w.moneyOf(world, id)).toEqual(["hold"]);
    await w.age(id, "odd_since", HOUR);
    expect(await w.ring(id)).toMatchObject({ state: "cancelled" });
    expect(await w.moneyOf(world, id)).toEqual(["hold"]);
    await w.finish(id);
    expect(await w.moneyOf(world, id)).toEqual(["hold", "capture"]);
  });

  it("a word that was seen once does not count against the task later", async () => {
    const { id } = await started("delay=1h, poll.status=constructor, poll.times=1");
    expect(await w.ring(id)).toMatchObject({ state: "running", oddSince: expect.any(Number) });
    expect(await w.ring(id)).toMatchObject({ state: "running", oddSince: null });
  });

  it("a task that vanished is asked for an hour, then billing decides", async () => {
    const { world, id } = await started("vanish");
    expect(await w.ring(id)).toMatchObject({ state: "running" });
    await w.age(id, "odd_since", HOUR + 1_000);
    expect(await w.ring(id)).toMatchObject({ state: "cancelled" });
    expect(await w.finish(id)).toMatchObject({ outcome: "cancelled" });
    expect(await w.moneyOf(world, id)).toEqual(["hold", "capture"]);
  });
});

describe("certainly not created: sent again later", () => {
  it.each(["http=429, times=2", "http=503, times=2", "http=429, retry_after=1, times=2"])(
    "%s, then one task",
    async (faults) => {
      const { world, id, text, posts } = await started(`delay=0s, ${faults}`);
      expect(await w.rowOf(id)).toMatchObject({ state: "queued", attempts: 1 });
      expect(await w.moneyOf(world, id)).toEqual(["hold"]);
      await w.crash();
      expect(await w.finish(id)).toMatchObject({ state: "completed" });
      expect((await w.postsSoFar()) - posts).toBe(3);
      expect(await w.tasksOf(text)).toHaveLength(1);
      expect(await w.moneyOf(world, id)).toEqual(["hold", "capture"]);
    },
  );

  it("is given up after 24 hours, and the hold released as never sent", async () => {
    const { world, id, text } = await started("http=429");
    await w.age(id, "created_at", DAY + 1_000);
    expect(await w.finish(id)).toMatchObject({ state: "failed", outcome: "never_sent" });
    expect(await w.moneyOf(world, id)).toEqual(["hold", "release"]);
    expect(await w.tasksOf(text)).toHaveLength(0);
  });
});
