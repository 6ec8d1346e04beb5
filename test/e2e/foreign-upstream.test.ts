import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startGateway, type StartedGateway } from "../support/started-gateway.ts";
import { Books } from "./books.ts";
import { OtherWaveSpeed } from "./other-wavespeed.ts";

const OPERATORS_KEY = "operators-own-key";
const I2V = "kwaivgi/kling-v2.0-i2v-master";
const T2V = "kwaivgi/kling-v2.0-t2v-master";

const SUBMIT_MS_MAX = 1_000;
const WALK_GAP_MS = 1_000;
const CLOCK_SLACK_MS = 50;

let other: OtherWaveSpeed;
let gateway: StartedGateway;
let books: Books;

beforeAll(async () => {
  other = await OtherWaveSpeed.listen();
  gateway = await startGateway({
    env: {
      WAVESPEED_BASE_URL: other.url,
      WAVESPEED_API_KEY: OPERATORS_KEY,
      POLL_MS_MIN: "100",
      POLL_MS_MAX: "300",
      SUBMIT_MS_MAX: String(SUBMIT_MS_MAX),
      UNKNOWN_WALK_GAP_MS: String(WALK_GAP_MS),
    },
  });
  books = new Books(gateway.info);
});
afterAll(async () => {
  await gateway?.kill9();
  await other?.close();
});
beforeEach(() => other.forgetCalls());

interface Prediction {
  id: string;
  status: string;
  outputs: string[];
  error: string;
  urls: { get: string };
}

async function call(path: string, body?: unknown): Promise<{ status: number; data: Prediction }> {
  const headers = { authorization: `Bearer ${gateway.info.tenantKey}`, "content-type": "application/json" };
  const init = body === undefined ? { headers } : { method: "POST", headers, body: JSON.stringify(body) };
  const response = await fetch(`${gateway.info.gateway}/api/v3/${path}`, init);
  return { status: response.status, data: ((await response.json()) as { data: Prediction }).data };
}

const ended = (id: string, status: string): Promise<void> =>
  expect
    .poll(() => call(`predictions/${id}/result`), { timeout: 15_000, interval: 100 })
    .toMatchObject({ status: 200, data: { id, status } });

describe("in front of another server that speaks WaveSpeed's API over plain HTTP", () => {
  test("the simulator has no port", () => {
    expect(gateway.info.simulator).toBeNull();
  });

  test("a job runs to completion, and its output is the upstream's own address", async () => {
    const { status, data } = await call(T2V, { prompt: "a calm sea" });
    expect(status).toBe(200);
    expect(data.urls.get).toBe(`${gateway.info.gateway}/api/v3/predictions/${data.id}/result`);
    await ended(data.id, "completed");
    const task = other.tasks.at(-1);
    expect(data.id).not.toBe(task?.id);
    expect((await call(`predictions/${data.id}`)).data.outputs).toEqual([`${other.url}/out/${task?.id}.mp4`]);
    await expect.poll(() => books.budget()).toMatchObject({ captured: "1.300000", held: "0.000000" });
  });

  test("what is sent upstream: the operator's key, the page's default duration, none of the gateway's flags", async () => {
    const flags = { enable_sync_mode: true, enable_base64_output: false };
    const inputs = { image: "https://example.com/a.jpg", prompt: "a calm sea" };
    expect((await call(I2V, { ...inputs, ...flags })).data.status).toBe("completed");
    expect((await call(T2V, { prompt: "a calm sea", duration: "10", ...flags })).data.status).toBe("completed");

    // As their pages spell it: a string for one, an integer for the other.
    expect(other.submits().map((submit) => submit.body)).toEqual([
      { ...inputs, guidance_scale: 0.5, duration: "5" },
      { prompt: "a calm sea", aspect_ratio: "16:9", duration: 10 },
    ]);
    for (const { headers, url } of other.calls) {
      expect(headers.authorization).toBe(`Bearer ${OPERATORS_KEY}`);
      expect(JSON.stringify([headers, url])).not.toContain(gateway.info.tenantKey);
    }
  });

  test("a failed task costs nothing", async () => {
    const before = await books.budget();
    const { data } = await call(T2V, { prompt: "this one fails" });
    await ended(data.id, "failed");
    expect((await call(`predictions/${data.id}`)).data.error).toBe("no model was free");
    await expect.poll(() => books.budget()).toEqual({ ...before, held: "0.000000" });
  });
});

describe("when the upstream's answer to a submit is lost", () => {
  test("a task that was created all the same is found in the list, adopted and paid for: one POST", async () => {
    const before = Number((await books.budget())?.captured);
    const { status, data } = await call(T2V, { prompt: "answered 500 after creating" });
    expect({ status, word: data.status }).toEqual({ status: 200, word: "created" });
    expect(Number((await books.budget())?.held)).toBe(1.3);

    await ended(data.id, "completed");
    expect(other.submits()).toHaveLength(1);
    expect(other.listWalks().length).toBeGreaterThanOrEqual(2);
    const outputs = [`${other.url}/out/${other.tasks.at(-1)?.id}.mp4`];
    expect((await call(`predictions/${data.id}`)).data.outputs).toEqual(outputs);
    await expect.poll(async () => Number((await books.budget())?.captured)).toBeCloseTo(before + 1.3, 6);
  });

  test("a task that never was is given up after two empty walks of the list, and the money is back", async () => {
    const before = await books.budget();
    const tasks = other.tasks.length;
    const { status, data } = await call(T2V, { prompt: "reset before creating" });
    expect({ status, word: data.status }).toEqual({ status: 200, word: "created" });
    expect(Number((await books.budget())?.held)).toBe(1.3);

    await ended(data.id, "failed");
    expect(other.submits()).toHaveLength(1);
    expect(other.tasks).toHaveLength(tasks);
    // Walks count only after the send limit, and two of them a gap apart; timers may run some ms early.
    const [sentAt = 0] = other.submits().map((made) => made.at);
    const walks = other.listWalks().map((made) => made.at);
    const counted = walks.filter((at) => at >= sentAt + SUBMIT_MS_MAX - CLOCK_SLACK_MS);
    expect((counted.at(-1) ?? 0) - (counted[0] ?? 0)).toBeGreaterThanOrEqual(WALK_GAP_MS - CLOCK_SLACK_MS);
    await expect.poll(() => books.budget()).toEqual({ ...before, held: "0.000000" });
  });

  test("the books agree with each other and with the tasks that the upstream completed", async () => {
    const { captured } = await books.expectAgreement();
    const owed = other.tasks.filter((task) => !task.fails).reduce((sum, task) => sum + 0.26 * task.seconds, 0);
    expect(captured).toBe(owed.toFixed(6));
  });
});
