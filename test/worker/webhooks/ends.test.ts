import { createHmac } from "node:crypto";
import { Webhook } from "standardwebhooks";
import { describe, expect, it } from "vitest";
import * as w from "./world.ts";

const DAY = 86_400_000;

/** WaveSpeed's published algorithm. */
function asPublished({ headers, body }: w.Got, secret: string): boolean {
  const [version, given] = (headers["webhook-signature"] ?? "").split(",");
  if (Math.abs(Date.now() / 1_000 - Number(headers["webhook-timestamp"])) > 300) return false;
  const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
  return version === "v3" && given === createHmac("sha256", secret.slice(6)).update(signed).digest("hex");
}

const asStandard = ({ headers, body }: w.Got, secret: string): unknown => new Webhook(secret).verify(body, headers);

async function secretOf(world: w.World): Promise<string> {
  const headers = { authorization: `Bearer ${world.key}` };
  const response = await w.gateway("/api/v3/webhook/secret", { headers });
  expect(response.headers.get("cache-control")).toBe("no-store");
  return (await response.json<{ data: { secret: string } }>()).data.secret;
}

describe("the end of a job", () => {
  it("is told to the URL of its submit, as WaveSpeed tells it, with its money settled", async () => {
    const world = await w.newWorld();
    const receiver = w.newReceiver();
    const id = await w.submitTo(world, receiver.url, w.prompt("delay=0s"));
    await w.finish(id);
    await w.delivered(world.tenant);
    expect(receiver.got).toHaveLength(1);
    const [got] = receiver.got;
    if (!got) throw new Error("nothing came");
    expect(got.url).toBe(receiver.url);
    expect(got.headers).toMatchObject({
      "content-type": "application/json",
      "user-agent": "wavegate-webhooks/1",
      "webhook-id": id,
      "x-wavegate-event": "job.completed",
    });
    const read = await w.gateway(`/api/v3/predictions/${id}/result`, {
      headers: { authorization: `Bearer ${world.key}` },
    });
    const { data } = await read.json<{ data: Record<string, unknown> }>();
    expect(JSON.parse(got.body)).toEqual(data);
    expect(data["urls"]).toEqual({ get: `http://gateway.test/api/v3/predictions/${id}/result` });
    const secret = await secretOf(world);
    expect(asPublished(got, secret)).toBe(true);
    expect(asPublished({ ...got, body: got.body.replace("completed", "cancelled") }, secret)).toBe(false);
    expect(await w.moneyOf(world, id)).toEqual(["hold", "capture"]);
    expect((await w.rowOf(id)).notifyAt).toBeNull();
  });

  it("is told to standing endpoints in the scheme that each chose, and to each once", async () => {
    const world = await w.newWorld();
    const [standard, wavespeed] = [w.newReceiver(), w.newReceiver()];
    await w.stand(world.tenant, standard.url);
    await w.stand(world.tenant, wavespeed.url, { signature: "wavespeed" });
    const id = await w.submitTo(world, null, w.prompt("delay=0s"));
    await w.finish(id);
    await w.delivered(world.tenant);
    const secret = await secretOf(world);
    expect([standard.got.length, wavespeed.got.length]).toEqual([1, 1]);
    const [[one], [two]] = [standard.got, wavespeed.got];
    if (!one || !two) throw new Error("nothing came");
    expect(asStandard(one, secret)).toMatchObject({ id, status: "completed" });
    expect(asPublished(two, secret)).toBe(true);
    expect(() => asStandard({ ...one, body: one.body.replace(id, "0".repeat(32)) }, secret)).toThrow();
    expect(() => asStandard(one, `whsec_${Buffer.alloc(32).toString("base64")}`)).toThrow();
  });

  it.each([
    ["delay=0s, fail", "job.failed", "failed"],
    ["delay=0s, end=cancelled", "job.cancelled", "cancelled"],
    ["refuse", "job.failed", "failed"],
  ])("with %s is %s", async (faults, event, status) => {
    const world = await w.newWorld();
    const receiver = w.newReceiver();
    await w.stand(world.tenant, receiver.url);
    const id = await w.submit(world, w.prompt(faults));
    await w.ring(id);
    await w.delivered(world.tenant);
    expect(receiver.got[0]?.headers["x-wavegate-event"]).toBe(event);
    expect(JSON.parse(receiver.got[0]?.body ?? "")).toMatchObject({ id, status });
  });

  it("that nobody saw for 8 days is told, and its completion after all as another event", async () => {
    const world = await w.newWorld();
    const receiver = w.newReceiver();
    const text = w.prompt("delay=0s, poll.http=503, poll.times=1");
    const id = await w.submitTo(world, receiver.url, text);
    await w.age(id, "created_at", 8 * DAY + 1_000);
    await w.ring(id);
    await w.delivered(world.tenant);
    expect(await w.ring(id)).toMatchObject({ state: "completed", outcome: "expired" });
    await w.until(
      () => receiver.got.length,
      (n) => n === 2,
    );
    const told = receiver.got.map(({ headers, body }) => {
      const { status } = JSON.parse(body) as { status: string };
      return [headers["webhook-id"], headers["x-wavegate-event"], status];
    });
    expect(told).toEqual([
      [id, "job.expired", "timeout"],
      [`${id}_late`, "job.completed", "completed"],
    ]);
  });

  it("is told of jobs in the mode and of the events that an endpoint asked for, and of no other tenant's", async () => {
    const [world, other] = [await w.newWorld(), await w.newWorld()];
    const [failures, tests, strangers] = [w.newReceiver(), w.newReceiver(), w.newReceiver()];
    await w.stand(world.tenant, failures.url, { events: ["job.failed"] });
    await w.stand(world.tenant, tests.url, { mode: "test" });
    await w.stand(other.tenant, strangers.url);
    const done = await w.submit(world, w.prompt("delay=0s"));
    await w.finish(done);
    const failed = await w.submit(world, w.prompt("delay=0s, fail"));
    await w.finish(failed);
    await w.delivered(world.tenant);
    expect(failures.got.map(({ headers }) => headers["webhook-id"])).toEqual([failed]);
    expect([...tests.got, ...strangers.got]).toEqual([]);
    expect(await w.allDeliveries(other.tenant)).toEqual([]);
  });

  it("costs nothing where nobody wants to hear of it", async () => {
    const world = await w.newWorld();
    const id = await w.submit(world, w.prompt("delay=0s"));
    const end = await w.finish(id);
    expect(end).toMatchObject({ state: "completed", notify: null, notifyAt: null });
    expect(await w.allDeliveries(world.tenant)).toEqual([]);
  });

  it("carries its input only where the tenant has inputs kept, and it is short", async () => {
    const world = await w.newWorld();
    const receiver = w.newReceiver();
    await world.ledger.change("set_handling", { keepInputsDays: 3 }, { actor: "test" });
    const [short, long] = [w.prompt("delay=0s"), `${w.prompt("delay=0s")}${"x".repeat(2_400)}`];
    const first = await w.submitTo(world, receiver.url, short);
    await w.finish(first);
    await w.delivered(world.tenant);
    const shown = JSON.parse(receiver.got[0]?.body ?? "") as { input?: { prompt: string } };
    expect(shown.input?.prompt).toBe(short);
    const second = await w.submitTo(world, receiver.url, long);
    await w.finish(second);
    await w.until(
      () => receiver.got.length,
      (n) => n === 2,
    );
    expect(JSON.parse(receiver.got[1]?.body ?? "")).toMatchObject({ id: second, status: "completed" });
  });
});
