import { afterEach, describe, expect, it, vi } from "vitest";
import { Webhook } from "standardwebhooks";
import { testEnv } from "../../support/test-env.ts";
import * as w from "./world.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

afterEach(() => void vi.useRealTimers());

/** A job of a tenant that has a standing endpoint, whose end was told to the desk at a time that the test moves. */
async function ended(receiver: w.Receiver) {
  const world = await w.newWorld();
  const endpoint = await w.stand(world.tenant, receiver.url);
  const id = await w.submit(world, w.prompt("delay=0s"));
  await w.finish(id);
  return { world, id, endpoint };
}

/** When the tenant's one delivery is attempted next. */
const dueAt = async (tenant: string): Promise<number> => (await w.allDeliveries(tenant))[0]?.nextAt ?? Infinity;

/** Lets the time pass until the next attempt is due, if there is one, and waits for what comes of it. */
async function nextAttempt(tenant: string): Promise<boolean> {
  const [delivery] = await w.allDeliveries(tenant);
  if (delivery?.nextAt == null) return false;
  vi.setSystemTime(delivery.nextAt);
  await w.ringDesk(tenant);
  const after = await w.until(
    () => w.desk(tenant).delivery(delivery.id),
    (now) => (now?.attempts.length ?? 0) > delivery.attempts || now?.delivery.endedAt != null,
  );
  return (after?.attempts.length ?? 0) > delivery.attempts;
}

const alertsOn = async (subject: string): Promise<string[]> => {
  const { results } = await testEnv.CONTROL.prepare("SELECT kind FROM alerts WHERE subject = ?")
    .bind(subject)
    .all<{ kind: string }>();
  return results.map(({ kind }) => kind);
};

describe("a receiver that is down", () => {
  it("for a day gets it when it is back: one webhook-id, each attempt signed for its own time; then replayed by hand", async () => {
    const receiver = w.newReceiver(w.DOWN);
    const { world, id } = await ended(receiver);
    await w.until(
      () => receiver.got.length,
      (n) => n === 1,
    );
    const start = Date.now();
    while ((await dueAt(world.tenant)) < start + 24 * HOUR) expect(await nextAttempt(world.tenant)).toBe(true);
    expect(receiver.got.length).toBeGreaterThan(8);
    expect(receiver.got.length).toBeLessThan(16);
    receiver.answer(w.OK);
    expect(await nextAttempt(world.tenant)).toBe(true);
    expect(Date.now()).toBeLessThan(start + 31 * HOUR);
    const [delivery] = await w.delivered(world.tenant);
    const { secret } = await w.desk(world.tenant).secret(world.tenant);
    expect(new Set(receiver.got.map(({ headers }) => headers["webhook-id"]))).toEqual(new Set([id]));
    const last = receiver.got.at(-1);
    expect(new Webhook(secret).verify(last?.body ?? "", last?.headers ?? {})).toMatchObject({ id });
    const times = receiver.got.map(({ headers }) => Number(headers["webhook-timestamp"]));
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(86_000);
    const log = (await w.desk(world.tenant).delivery(delivery?.id ?? ""))?.attempts ?? [];
    expect(log.map(({ status }) => status)).toEqual([...Array.from({ length: log.length - 1 }, () => 503), 200]);
    expect(log[0]).toMatchObject({ error: "answered 503; only 2xx is success", reply: "we are down" });

    const sent = receiver.got.length;
    expect(await w.desk(world.tenant).replay(delivery?.id ?? "")).toMatchObject({ ok: true });
    await w.ringDesk(world.tenant);
    await w.delivered(world.tenant);
    expect(receiver.got).toHaveLength(sent + 1);
    expect(receiver.got.at(-1)).toMatchObject({ body: last?.body, headers: { "webhook-id": id } });
  });

  it("for more than 3 days has its endpoint disabled, with an alert, and the ledger told; enabled, it is replayed", async () => {
    const receiver = w.newReceiver(w.DOWN);
    const { world, id, endpoint } = await ended(receiver);
    await w.until(
      () => receiver.got.length,
      (n) => n === 1,
    );
    while (await nextAttempt(world.tenant));
    const [failed] = await w.delivered(world.tenant, "failed");
    // By chance the last try but one may come after 3 days: then its endpoint is disabled before the last.
    expect(["exhausted 20", "endpoint_disabled 19"]).toContain(`${failed?.end} ${failed?.attempts}`);
    expect(await w.desk(world.tenant).endpoints()).toMatchObject([{ disabled: "failing" }]);
    await w.ringDesk(world.tenant);
    expect(await alertsOn(`${world.tenant}/${endpoint}`)).toEqual(["webhook_endpoint_disabled"]);
    expect((await world.ledger.describe())?.handling.webhookEndpoints).toBe(0);
    expect(await w.desk(world.tenant).replay(failed?.id ?? "")).toMatchObject({ error: { code: "conflict" } });

    receiver.answer(w.OK);
    await w.desk(world.tenant).updateEndpoint(world.tenant, endpoint, { enabled: true });
    expect((await world.ledger.describe())?.handling.webhookEndpoints).toBe(1);
    await w.desk(world.tenant).replay(failed?.id ?? "");
    await w.ringDesk(world.tenant);
    await w.delivered(world.tenant);
    expect(receiver.got.at(-1)?.headers["webhook-id"]).toBe(id);
  });

  it("is left alone for as long as it asks", async () => {
    const receiver = w.newReceiver(() => new Response(null, { status: 429, headers: { "retry-after": "1800" } }));
    const { world } = await ended(receiver);
    const [delivery] = await w.until(
      () => w.allDeliveries(world.tenant),
      ([one]) => (one?.nextAt ?? 0) > Date.now() + MINUTE,
    );
    expect((delivery?.nextAt ?? 0) - Date.now()).toBeGreaterThan(29 * MINUTE);
  });
});

describe("an endpoint", () => {
  it("that answers 410 is disabled at once, and gets nothing more", async () => {
    const receiver = w.newReceiver(() => new Response(null, { status: 410 }));
    const { world, endpoint } = await ended(receiver);
    const [delivery] = await w.delivered(world.tenant, "failed");
    expect(delivery).toMatchObject({ end: "gone", attempts: 1 });
    expect(await w.desk(world.tenant).endpoints()).toMatchObject([{ disabled: "gone" }]);
    const second = await w.submitTo(world, w.newReceiver().url, w.prompt("delay=0s"));
    await w.finish(second);
    await w.until(
      () => w.allDeliveries(world.tenant),
      (all) => all.length === 2 && all[0]?.state === "delivered",
    );
    expect(receiver.got).toHaveLength(1);
    await w.ringDesk(world.tenant);
    expect(await alertsOn(`${world.tenant}/${endpoint}`)).toEqual(["webhook_endpoint_disabled"]);
  });

  it("that redirects is not followed, and is told so", async () => {
    const inner = w.newReceiver();
    const receiver = w.newReceiver(() => new Response(null, { status: 301, headers: { location: inner.url } }));
    const { world } = await ended(receiver);
    const [delivery] = await w.until(
      () => w.allDeliveries(world.tenant),
      ([one]) => one?.attempts === 1 && (one.nextAt ?? 0) > Date.now(),
    );
    const found = await w.until(
      () => w.desk(world.tenant).delivery(delivery?.id ?? ""),
      (now) => now?.attempts.length === 1,
    );
    expect(found?.attempts[0]?.error).toContain("redirects are not followed");
    expect([inner.got, receiver.got[0]?.redirect]).toEqual([[], "manual"]);
  });

  it("that talks without end is cut: what is kept is short", async () => {
    const endless = () => new ReadableStream({ pull: (c) => c.enqueue(new Uint8Array(4_096).fill(97)) });
    const receiver = w.newReceiver(() => new Response(endless()));
    const { world } = await ended(receiver);
    const [delivery] = await w.delivered(world.tenant);
    const found = await w.desk(world.tenant).delivery(delivery?.id ?? "");
    expect(found?.attempts[0]?.reply).toBe("a".repeat(1_000));
  });

  it("that is disabled or deleted while deliveries wait gets none of them", async () => {
    const receivers = [w.newReceiver(w.DOWN), w.newReceiver(w.DOWN)];
    const world = await w.newWorld();
    const [one = "", two = ""] = await Promise.all(receivers.map(({ url }) => w.stand(world.tenant, url)));
    const id = await w.submit(world, w.prompt("delay=0s"));
    await w.finish(id);
    await w.until(
      () => receivers.map(({ got }) => got.length),
      (counts) => counts.every((n) => n === 1),
    );
    await w.desk(world.tenant).updateEndpoint(world.tenant, one, { enabled: false });
    await w.desk(world.tenant).deleteEndpoint(world.tenant, two);
    vi.setSystemTime(Date.now() + MINUTE);
    await w.ringDesk(world.tenant);
    const all = await w.delivered(world.tenant, "failed");
    expect(all.map(({ end }) => end)).toEqual(["endpoint_disabled", "endpoint_disabled"]);
    expect(receivers.map(({ got }) => got.length)).toEqual([1, 1]);
  });

  it("that moved gets what waits for it at its new address", async () => {
    const [old, moved] = [w.newReceiver(w.DOWN), w.newReceiver()];
    const { world, endpoint } = await ended(old);
    await w.until(
      () => w.allDeliveries(world.tenant),
      ([one]) => one?.attempts === 1 && (one.nextAt ?? 0) > Date.now(),
    );
    await w.desk(world.tenant).updateEndpoint(world.tenant, endpoint, { url: moved.url, signature: "wavespeed" });
    vi.setSystemTime(Date.now() + MINUTE);
    await w.ringDesk(world.tenant);
    await w.delivered(world.tenant);
    expect([old.got.length, moved.got.length]).toEqual([1, 1]);
    expect(moved.got[0]?.headers["webhook-signature"]).toMatch(/^v3,[0-9a-f]{64}$/);
  });

  it("is tried out by a test event, once, also while it is disabled", async () => {
    const world = await w.newWorld();
    const receiver = w.newReceiver();
    const endpoint = await w.stand(world.tenant, receiver.url);
    await w.desk(world.tenant).updateEndpoint(world.tenant, endpoint, { enabled: false });
    const sent = await w.desk(world.tenant).testEndpoint(world.tenant, endpoint, "https://gateway.test");
    expect(sent).toMatchObject({ ok: true, value: { event: "test", jobId: null } });
    await w.delivered(world.tenant);
    expect(receiver.got[0]?.headers["x-wavegate-event"]).toBe("test");
    const { secret } = await w.desk(world.tenant).secret(world.tenant);
    const { body = "", headers = {} } = receiver.got[0] ?? {};
    expect(new Webhook(secret).verify(body, headers)).toMatchObject({ model: "wavegate/test" });
    receiver.answer(w.DOWN);
    await w.desk(world.tenant).testEndpoint(world.tenant, endpoint, "https://gateway.test");
    await w.until(
      () => w.allDeliveries(world.tenant),
      ([newest]) => newest?.state === "failed" && newest.attempts === 1,
    );
  });
});

describe("a thousand receivers", () => {
  it("that wait for their next try do not hide one that is due", async () => {
    const world = await w.newWorld();
    const receiver = w.newReceiver();
    await w.stand(world.tenant, receiver.url);
    await w.inDesk(world.tenant, (sql) => {
      for (const letter of ["a", "z"]) {
        sql.exec(
          `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 600)
           INSERT INTO deliveries (event_id, target, event, job_id, url, host, signature, state, attempts, tries, round_at,
             created_at, next_at)
           SELECT ?1 || i, 'submit', 'job.failed', 'j', 'https://acme.dev/', ?1 || i, 'standard', 'pending', 1, 1, ?2, ?2,
             ?2 + 3600000 FROM n`,
          letter,
          Date.now(),
        );
      }
    });
    const jobId = w.hex(16);
    const notice = {
      eventId: jobId,
      event: "job.failed" as const,
      jobId,
      mode: "live" as const,
      url: null,
      body: "{}",
    };
    await w.desk(world.tenant).accept(world.tenant, [notice]);
    await w.until(
      () => receiver.got.length,
      (n) => n === 1,
    );
  });
});

describe("receivers that hang", () => {
  it("hold up themselves: others get theirs meanwhile, over four connections at most", async () => {
    const world = await w.newWorld();
    const hanging = Array.from({ length: 5 }, () => w.newReceiver(w.HANGS));
    const quick = w.newReceiver();
    for (const receiver of [...hanging, quick]) await w.stand(world.tenant, receiver.url);
    const bodies = Array.from({ length: 6 }, () => w.hex(16)).map((jobId) => ({
      eventId: jobId,
      event: "job.completed" as const,
      jobId,
      mode: "live" as const,
      url: null,
      body: "{}",
    }));
    w.connections.peak = 0;
    await w.desk(world.tenant).accept(world.tenant, bodies);
    await w.until(
      () => quick.got.length,
      (n) => n === bodies.length,
    );
    // By then each that hangs was tried about once, and has most of its own still before it.
    expect(Math.max(...hanging.map(({ got }) => got.length))).toBeLessThan(bodies.length);
    expect(w.connections.peak).toBe(4);
  });
});
