import { afterEach, describe, expect, it, vi } from "vitest";
import { armFailPoint, WEBHOOK_FAIL_POINTS } from "../../../src/observability/fail-point.ts";
import * as w from "./world.ts";

afterEach(() => {
  vi.useRealTimers();
  for (const name of WEBHOOK_FAIL_POINTS) armFailPoint(name, null);
});

const HOUR = 3_600_000;

describe("a crash at any point on the way", () => {
  it.each(WEBHOOK_FAIL_POINTS)(
    "%s: it is delivered at least once, under one webhook-id, and charged once",
    async (name) => {
      const world = await w.newWorld();
      const [standing, own] = [w.newReceiver(), w.newReceiver()];
      await w.stand(world.tenant, standing.url);
      let deaths = 0;
      armFailPoint(name, () => {
        deaths += 1;
        throw new Error(`test: died ${name}`);
      });
      const id = await w.submitTo(world, own.url, w.prompt("delay=0s"));
      await w.ring(id);
      await w.until(
        () => deaths,
        (n) => n > 0,
      );
      armFailPoint(name, null);
      await w.crash();
      // Both are due again: the handover after seconds, the attempt when its lease ends.
      vi.setSystemTime(Date.now() + HOUR);
      await w.ring(id);
      await w.ringDesk(world.tenant);
      await w.delivered(world.tenant);
      for (const { got } of [standing, own]) {
        expect(got.length).toBeGreaterThanOrEqual(1);
        expect(got.length).toBeLessThanOrEqual(2);
        expect(new Set(got.map(({ headers }) => headers["webhook-id"]))).toEqual(new Set([id]));
        expect(new Set(got.map(({ body }) => body)).size).toBe(1);
      }
      expect(await w.moneyOf(world, id)).toEqual(["hold", "capture"]);
      expect((await w.rowOf(id)).notifyAt).toBeNull();
    },
  );
});

describe("the same again", () => {
  it("of a notice, by many at once, is one delivery to each receiver", async () => {
    const world = await w.newWorld();
    const receiver = w.newReceiver();
    await w.stand(world.tenant, receiver.url);
    const jobId = w.hex(16);
    const notice = {
      eventId: jobId,
      event: "job.failed" as const,
      jobId,
      mode: "live" as const,
      url: null,
      body: "{}",
    };
    await Promise.all(Array.from({ length: 10 }, () => w.desk(world.tenant).accept(world.tenant, [notice])));
    await w.delivered(world.tenant);
    await w.desk(world.tenant).accept(world.tenant, [notice]);
    expect(await w.allDeliveries(world.tenant)).toMatchObject([{ state: "delivered", attempts: 1 }]);
    expect(receiver.got).toHaveLength(1);
  });

  it("of an Idempotency-Key is the same endpoint, and of another body a conflict", async () => {
    const { tenant } = await w.newWorld();
    const input = { url: w.newReceiver().url, events: ["job.failed" as const], mode: null, description: "" };
    const once = { scope: w.hex(32), bodyHash: "a" };
    const make = (bodyHash: string) =>
      w.desk(tenant).createEndpoint(tenant, { ...input, signature: "standard" }, { ...once, bodyHash });
    const [first, second] = await Promise.all([make("a"), make("a")]);
    expect([first.replayed, second.replayed].toSorted()).toEqual([false, true]);
    expect(await w.desk(tenant).endpoints()).toHaveLength(1);
    expect(await make("b")).toMatchObject({ ok: false, error: { code: "idempotency_conflict" } });
  });
});

describe("what the ledger has not heard", () => {
  it("of the endpoints, it is told again by the desk's alarm", async () => {
    const world = await w.newWorld();
    await w.stand(world.tenant, w.newReceiver().url);
    const count = async () => (await world.ledger.describe())?.handling.webhookEndpoints;
    expect(await count()).toBe(1);
    // As if the desk had died between its own commit and the call.
    await w.inDesk(world.tenant, (sql) => sql.exec("UPDATE desk SET version = version + 1"));
    await w.inDesk(world.tenant, (sql) => sql.exec("DELETE FROM endpoints"));
    await w.crash();
    await w.inDesk(world.tenant, () => null);
    await w.ringDesk(world.tenant);
    expect(await count()).toBe(0);
  });
});

describe("a job that its tenant deletes", () => {
  it("while it is being told leaves nothing of what its receiver answers", async () => {
    const world = await w.newWorld();
    let isDeleted = false;
    const receiver = w.newReceiver(async () => {
      while (!isDeleted) await scheduler.wait(10);
      return new Response("you said: completed");
    });
    const id = await w.submitTo(world, receiver.url, w.prompt("delay=0s"));
    await w.finish(id);
    await w.until(
      () => receiver.got.length,
      (n) => n === 1,
    );
    const [told] = await w.allDeliveries(world.tenant);
    await w.desk(world.tenant).forget(world.tenant, [id]);
    isDeleted = true;
    const after = await w.until(
      () => w.desk(world.tenant).delivery(told?.id ?? ""),
      (now) => now?.attempts.length === 1,
    );
    expect(after).toMatchObject({ delivery: { state: "dropped" }, body: null, attempts: [{ reply: "" }] });
  });

  it("tells nothing more: what it said goes, and cannot be replayed", async () => {
    const world = await w.newWorld();
    const receiver = w.newReceiver(w.DOWN);
    const id = await w.submitTo(world, receiver.url, w.prompt("delay=0s"));
    await w.finish(id);
    const [told] = await w.until(
      () => w.allDeliveries(world.tenant),
      ([one]) => (one?.attempts ?? 0) === 1,
    );
    const log = () => w.desk(world.tenant).delivery(told?.id ?? "");
    await w.until(log, (now) => now?.attempts[0]?.reply === "we are down");
    await w.tracker(id).remove([id], "live");
    await w.ring(id);
    const [dropped] = await w.delivered(world.tenant, "dropped");
    // A receiver may answer with what it was told.
    expect(await log()).toMatchObject({ body: null, attempts: [{ status: 503, reply: "" }] });
    expect(await w.desk(world.tenant).replay(dropped?.id ?? "")).toMatchObject({ error: { code: "conflict" } });
    expect(receiver.got).toHaveLength(1);
  });
});
