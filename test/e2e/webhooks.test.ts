import { createHmac, timingSafeEqual } from "node:crypto";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startReceiver, type Delivered, type HttpReceiver } from "../support/receiver.ts";
import { startGateway, type StartedGateway } from "../support/started-gateway.ts";

const MODEL = "kwaivgi/kling-v2.0-t2v-master";

/** With short waits: what was cut off by the kill is sent again when its lease ends. */
const ENV = { SIMULATOR_TASK_MS: "200", POLL_MS_MIN: "100", POLL_MS_MAX: "300", WEBHOOK_MS_MAX: "1000" };

let gateway: StartedGateway;
let receiver: HttpReceiver;
let secret: string;

beforeAll(async () => {
  receiver = await startReceiver();
  gateway = await startGateway({ env: ENV });
  secret = (await asTenant<{ secret: string }>("GET", "/webhook/secret")).secret;
});
afterAll(async () => {
  await gateway?.kill9();
  await receiver?.close();
});

async function asTenant<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${gateway.info.gateway}/api/v3${path}`, {
    method,
    headers: { authorization: `Bearer ${gateway.info.tenantKey}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const envelope = (await response.json()) as { code: number; message: string; data: T };
  if (response.status !== 200) throw new Error(`${path}: ${envelope.message}`);
  return envelope.data;
}

async function manage<T>(method: string, path: string, body?: unknown): Promise<T> {
  const { info } = gateway;
  const response = await fetch(`${info.gateway}/v1/tenants/${info.tenant}${path}`, {
    method,
    headers: { authorization: `Bearer ${info.operatorKey}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
  return (text === "" ? null : JSON.parse(text)) as T;
}

const submit = (query = ""): Promise<{ id: string }> =>
  asTenant("POST", `/${MODEL}${query}`, { prompt: "a lighthouse at dusk" });

/** Waits for the webhooks of a job at a path. */
const arrived = (path: string, id: string, count = 1): Promise<Delivered[]> =>
  vi.waitFor(
    () => {
      const got = receiver.got.filter((one) => one.path === path && one.headers["webhook-id"] === id);
      expect(got.length).toBeGreaterThanOrEqual(count);
      return got;
    },
    { timeout: 30_000, interval: 50 },
  );

/** What WaveSpeed's documentation tells receivers to do. */
function verifyAsPublished({ headers, body }: Delivered, key: string, now = Date.now()): boolean {
  const timestamp = headers["webhook-timestamp"] ?? "";
  if (Math.abs(now / 1_000 - Number(timestamp)) > 300) return false;
  const [version, given = ""] = (headers["webhook-signature"] ?? "").split(",");
  const signed = `${headers["webhook-id"]}.${timestamp}.${body}`;
  const wanted = createHmac("sha256", key.replace(/^whsec_/, ""))
    .update(signed)
    .digest("hex");
  return version === "v3" && wanted.length === given.length && timingSafeEqual(Buffer.from(wanted), Buffer.from(given));
}

describe("a webhook of a submit, from a started gateway", () => {
  test("is verified by WaveSpeed's published algorithm, and a forged or old one is refused", async () => {
    const { id } = await submit(`?webhook=${encodeURIComponent(`${receiver.url}/own?a=b&c=d`)}`);
    const [got] = await arrived("/own?a=b&c=d", id);
    if (!got) throw new Error("nothing came");
    expect(verifyAsPublished(got, secret)).toBe(true);
    const result = await asTenant<Record<string, unknown>>("GET", `/predictions/${id}/result`);
    expect(JSON.parse(got.body)).toEqual(result);
    expect(result).toMatchObject({
      id,
      status: "completed",
      urls: { get: `${gateway.info.gateway}/api/v3/predictions/${id}/result` },
    });

    expect(verifyAsPublished({ ...got, body: got.body.replace("completed", "failed") }, secret)).toBe(false);
    expect(verifyAsPublished({ ...got, headers: { ...got.headers, "webhook-id": "0" } }, secret)).toBe(false);
    expect(verifyAsPublished(got, `whsec_${Buffer.alloc(32).toString("base64")}`)).toBe(false);
    expect(verifyAsPublished(got, secret, Date.now() + 301_000)).toBe(false);
    // The other scheme is beside it.
    const other = { ...got.headers, "webhook-signature": got.headers["x-wavegate-signature-standard"] ?? "" };
    expect(new Webhook(secret).verify(got.body, other)).toMatchObject({ id });
  });

  test("comes where the older JavaScript client, which does not encode it, sent it", async () => {
    const { id } = await submit(`?webhook=${receiver.url}/raw?a=b&c=d`);
    expect(await arrived("/raw?a=b&c=d", id)).toHaveLength(1);
  });
});

describe("a standing endpoint", () => {
  test("is verified by the standardwebhooks library, refuses a forged one, and is replayed by hand", async () => {
    const { id: endpoint } = await manage<{ id: string }>("POST", "/webhooks", { url: `${receiver.url}/standing` });
    const { id } = await submit();
    const [got] = await arrived("/standing", id);
    if (!got) throw new Error("nothing came");
    const library = new Webhook(secret);
    expect(library.verify(got.body, got.headers)).toMatchObject({ id, status: "completed" });
    expect(() => library.verify(got.body.replace("completed", "failed"), got.headers)).toThrow("No matching signature");
    expect(() => library.verify(got.body, { ...got.headers, "webhook-timestamp": "1" })).toThrow("too old");
    expect(() =>
      new Webhook(`whsec_${Buffer.alloc(32, 7).toString("base64")}`).verify(got.body, got.headers),
    ).toThrow();
    expect(
      verifyAsPublished(
        {
          ...got,
          headers: { ...got.headers, "webhook-signature": got.headers["x-wavegate-signature-wavespeed"] ?? "" },
        },
        secret,
      ),
    ).toBe(true);

    const log = () =>
      manage<{ data: { id: string; state: string; attempts: number }[] }>("GET", `/webhook-deliveries?job=${id}`);
    const [delivery] = await vi.waitFor(async () => {
      const { data } = await log();
      expect(data[0]?.state).toBe("delivered");
      return data;
    });
    expect(await asTenant("GET", `/predictions/${id}/deliveries`)).toMatchObject({
      items: [{ id: delivery?.id, webhook_id: id, event: "job.completed", endpoint, state: "delivered", attempts: 1 }],
    });
    await manage("POST", `/webhook-deliveries/${delivery?.id}/replay`);
    const [, again] = await arrived("/standing", id, 2);
    expect(library.verify(again?.body ?? "", again?.headers ?? {})).toMatchObject({ id });
    expect(again?.headers["x-wavegate-attempt"]).toBe("2");
    await manage("DELETE", `/webhooks/${endpoint}`);
  });

  test("that redirects is told so in its log, and its target hears nothing", async () => {
    receiver.answer(302, { location: `${receiver.url}/target` });
    const { id } = await manage<{ id: string }>("POST", "/webhooks", { url: `${receiver.url}/moved` });
    const sent = await manage<{ id: string; event_id: string }>("POST", `/webhooks/${id}/test`);
    await arrived("/moved", sent.event_id);
    const found = await vi.waitFor(async () => {
      const detail = await manage<{ state: string; log: { error: string }[] }>("GET", `/webhook-deliveries/${sent.id}`);
      expect(detail.state).toBe("failed");
      return detail;
    });
    expect(found.log[0]?.error).toContain("redirects are not followed");
    expect(receiver.got.filter(({ path }) => path === "/target")).toEqual([]);
    receiver.answer(200);
    await manage("DELETE", `/webhooks/${id}`);
  });

  test("hears of a job that ended before a SIGKILL, after the start that follows", async () => {
    await manage("POST", "/webhooks", { url: `${receiver.url}/killed` });
    receiver.answer(503);
    const { id } = await submit();
    await arrived("/killed", id);
    await gateway.kill9();
    receiver.answer(200);
    const { stateDir, ports } = gateway;
    gateway = await startGateway({ stateDir, ports, env: ENV });
    const delivered = await arrived("/killed", id, 2);
    expect(new Webhook(secret).verify(delivered.at(-1)?.body ?? "", delivered.at(-1)?.headers ?? {})).toMatchObject({
      id,
    });
  });
});
