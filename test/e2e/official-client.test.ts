import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Client, WavespeedSyncTimeoutException } from "wavespeed";
import { startGateway, type StartedGateway } from "../support/started-gateway.ts";
import { Books } from "./books.ts";

const IMAGE = "https://example.com/first-frame.jpg";
const QUICK = { pollInterval: 0.1 };

/** Each model with a body that its page allows, and what 5 or 10 seconds of it cost. */
const JOBS = [
  ["kwaivgi/kling-v2.0-i2v-master", { image: IMAGE, prompt: "a chase at night", duration: "5" }, 1.3],
  ["kwaivgi/kling-v2.0-t2v-master", { prompt: "a chase at night", aspect_ratio: "9:16", duration: 10 }, 2.6],
  ["kwaivgi/kling-v2.1-i2v-master", { image: IMAGE, prompt: "a chase at night", duration: 5 }, 1.3],
  ["kwaivgi/kling-v2.1-i2v-pro", { image: IMAGE, prompt: "a chase at night", duration: "10" }, 0.9],
  ["kwaivgi/kling-v2.1-i2v-standard", { image: IMAGE, prompt: "a chase at night" }, 0.25],
] as const;

let gateway: StartedGateway;
let books: Books;
let client: Client;
let spentUsd = 0;

beforeAll(async () => {
  gateway = await startGateway({
    env: { SIMULATOR_TASK_MS: "300", POLL_MS_MIN: "100", POLL_MS_MAX: "300", SYNC_WAIT_MS_MAX: "1500" },
  });
  const { info } = gateway;
  books = new Books(info);
  client = new Client(info.tenantKey, { baseUrl: info.gateway });
});
afterAll(() => gateway?.kill9());

async function expectVideo(url: unknown): Promise<void> {
  const response = await fetch(String(url));
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("video/mp4");
  const bytes = Buffer.from(await response.arrayBuffer());
  expect(bytes.toString("latin1", 4, 8)).toBe("ftyp");
  expect(bytes.includes("moov")).toBe(true);
}

const STANDARD = "kwaivgi/kling-v2.1-i2v-standard";
const asking = (prompt: string): { image: string; prompt: string } => ({ image: IMAGE, prompt });

describe("the official client, with only its base URL and key changed", () => {
  test.each(JOBS)("runs %s to completion", async (model, input, priceUsd) => {
    const { outputs } = await client.run(model, input, QUICK);
    spentUsd += priceUsd;
    expect(outputs).toHaveLength(1);
    await expectVideo(outputs[0]);
  });

  test("gets the output in one request in sync mode", async () => {
    const { outputs } = await client.run(STANDARD, asking("in sync"), { enableSyncMode: true });
    spentUsd += 0.25;
    await expectVideo(outputs[0]);
  });

  test("is told by sync mode that a slow task goes on, and fetches its result later", async () => {
    const slow = client.run(STANDARD, asking("too slow [[sim: delay=4s]]"), { enableSyncMode: true });
    const error = await slow.then(
      () => null,
      (reason: unknown) => reason,
    );
    spentUsd += 0.25;
    if (!(error instanceof WavespeedSyncTimeoutException)) throw error;
    expect(error.taskId).toMatch(/^[0-9a-f]{32}$/);
    const headers = { authorization: `Bearer ${gateway.info.tenantKey}` };
    const read = async (): Promise<{ status: string }> =>
      ((await (await fetch(error.resultUrl ?? "", { headers })).json()) as { data: { status: string } }).data;
    expect((await read()).status).toBe("processing");
    await expect.poll(read, { timeout: 10_000, interval: 100 }).toMatchObject({ status: "completed" });
  });

  test("throws the upstream's reason when a task fails, and the hold is released", async () => {
    const before = await books.budget();
    const failing = client.run(STANDARD, asking("[[sim: fail=1405, fail_message=the dancer left]]"), QUICK);
    await expect(failing).rejects.toThrow(/^Prediction failed \(task_id: [0-9a-f]{32}\): the dancer left$/);
    await expect.poll(() => books.budget(), { timeout: 5_000 }).toEqual({ ...before, held: "0.000000" });
  });

  test("uploads a file and uses its address as the image", async () => {
    const url = await client.upload(sampleFile());
    expect(await (await fetch(url)).text()).toBe("not looked at");
    const { outputs } = await client.run(STANDARD, { image: url, prompt: "from an upload" }, QUICK);
    spentUsd += 0.25;
    await expectVideo(outputs[0]);
  });

  test("has paid exactly the sum of the prices: ledger, journal, D1 and the upstream's bill agree", async () => {
    const { captured } = await books.expectAgreement();
    expect(captured).toBe(spentUsd.toFixed(6));
    expect((await books.usage()).jobs).toBe(JOBS.length + 3);
  });
});

test("a sandbox key completes a job, upload included, without touching the live budget", async () => {
  const before = await books.budget();
  const sandbox = new Client(await books.issueKey("test"), { baseUrl: gateway.info.gateway });
  const image = await sandbox.upload(sampleFile());
  const { outputs } = await sandbox.run(STANDARD, { image, prompt: "in the sandbox" }, QUICK);
  for (const url of [image, outputs[0]]) expect(url).toContain(`${gateway.info.gateway}/sandbox/media/`);
  await expectVideo(outputs[0]);
  await expect.poll(() => books.budget("test")).toMatchObject({ captured: "0.250000", held: "0.000000" });
  expect(await books.budget()).toEqual(before);
  expect((await books.usage()).price).toBe(before?.captured);
});

function sampleFile(): string {
  const file = join(mkdtempSync(join(tmpdir(), "wavegate-upload-")), "frame.png");
  writeFileSync(file, "not looked at");
  return file;
}
