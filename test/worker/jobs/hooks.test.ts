import { createHmac } from "node:crypto";
import { listDurableObjectIds } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../src/config.ts";
import { hookToken } from "../../../src/keys/hook-mac.ts";
import { makeJobId, parseJobId, trackerName } from "../../../src/keys/job-id.ts";
import { webhookSecretOf } from "../../../src/simulator/account.ts";
import { testEnv } from "../../support/test-env.ts";
import * as w from "./world.ts";

const token = (jobId: string): string => hookToken(jobId, parseConfig(testEnv).secrets);

/** A delivery as WaveSpeed makes it, or with a signature of somebody else's. */
async function deliver(
  jobId: string,
  upstreamId: string,
  { forged = false, t = token(jobId), status = "completed" } = {},
) {
  const body = JSON.stringify({ id: upstreamId, status, outputs: ["https://evil.test/a.mp4"] });
  const at = String(Math.floor(Date.now() / 1_000));
  const secret = forged ? "whsec_wrong" : await webhookSecretOf("sim_test");
  const mac = createHmac("sha256", secret.replace("whsec_", "")).update(`${upstreamId}.${at}.${body}`).digest("hex");
  const response = await w.gateway(`/hooks/wavespeed/${jobId}?t=${encodeURIComponent(t)}`, {
    method: "POST",
    body,
    headers: { "webhook-id": upstreamId, "webhook-timestamp": at, "webhook-signature": `v3,${mac}` },
  });
  await response.body?.cancel();
  return response.status;
}

const alertsOn = async (subject: string): Promise<number> => {
  const row = await testEnv.CONTROL.prepare("SELECT SUM(count) AS n FROM alerts WHERE subject = ?")
    .bind(subject)
    .first<{ n: number | null }>();
  return row?.n ?? 0;
};

/** An alert is written after the answer. */
async function alertsSettled(subject: string): Promise<number> {
  for (let tries = 0; tries < 20 && (await alertsOn(subject)) === 0; tries++) await scheduler.wait(25);
  return alertsOn(subject);
}

describe("the webhook", () => {
  it("with a forged token is 404, and wakes nothing", async () => {
    const jobId = makeJobId({ tenant: w.hex(6), shard: 0 }, w.hex(8));
    const bad = ["", "1", `1.${"0".repeat(32)}`, token(`${jobId.slice(0, -1)}x`), `${token(jobId).slice(0, -1)}\u00e9`];
    for (const t of bad) expect(await deliver(jobId, w.hex(16), { t })).toBe(404);
    const address = parseJobId(jobId);
    if (!address) throw new Error("no address");
    const id = testEnv.JOB_TRACKER.idFromName(trackerName(address));
    expect((await listDurableObjectIds(testEnv.JOB_TRACKER)).some((known) => known.equals(id))).toBe(false);
  });

  it("with a good signature makes the tracker look soon, without an alert", async () => {
    const world = await w.newWorld();
    const id = await w.submit(world, w.prompt("delay=0s"));
    const { upstreamId, nextAt } = await w.rowOf(id);
    expect(nextAt).toBeGreaterThan(Date.now() + 60_000);
    expect(await deliver(id, upstreamId ?? "")).toBe(200);
    await until(async () => (await w.rowOf(id)).state === "completed");
    expect(await w.moneyOf(world, id)).toEqual(["hold", "capture"]);
    expect(await alertsOn(id)).toBe(0);
  });

  it("with a bad signature is a hint all the same, and raises an alert", async () => {
    const world = await w.newWorld();
    const id = await w.submit(world, w.prompt("delay=0s"));
    expect(await deliver(id, (await w.rowOf(id)).upstreamId ?? "", { forged: true })).toBe(200);
    expect(await alertsSettled(id)).toBe(1);
    // The end is settled right after it was written.
    await until(async () => (await w.rowOf(id)).settled === "capture");
    expect(await w.rowOf(id)).toMatchObject({ state: "completed" });
    expect(await w.moneyOf(world, id)).toEqual(["hold", "capture"]);
  });

  it.each(["completed", "failed"])("that says %s ends nothing by itself: the result is read", async (status) => {
    const world = await w.newWorld();
    const id = await w.submit(world, w.prompt("delay=1h"));
    const { upstreamId } = await w.rowOf(id);
    expect(await deliver(id, upstreamId ?? "", { status })).toBe(200);
    await until(async () => (await w.pollsOf(upstreamId)) > 0);
    expect(await w.rowOf(id)).toMatchObject({ state: "running", result: null });
    expect(await w.moneyOf(world, id)).toEqual(["hold"]);
  });

  it("that is sent again by whoever saw it is not believed a second time", async () => {
    const world = await w.newWorld();
    const id = await w.submit(world, w.prompt("delay=1h"));
    const { upstreamId } = await w.rowOf(id);
    const sent = w.hook(upstreamId ?? "");
    for (let times = 0; times < 5; times++) {
      await w.tracker(id).hint(id, sent);
      await until(async () => (await w.pollsOf(upstreamId)) === 1 && (await w.rowOf(id)).nextAt !== null);
    }
    await w.crash();
    await w.tracker(id).hint(id, sent);
    expect((await w.rowOf(id)).nextAt).toBeGreaterThan(Date.now());
    expect(await w.pollsOf(upstreamId)).toBe(1);
    await w.tracker(id).hint(id, w.hook(upstreamId ?? ""));
    await until(async () => (await w.pollsOf(upstreamId)) === 2);
  });

  it("twenty times over is one settlement", async () => {
    const world = await w.newWorld();
    const id = await w.submit(world, w.prompt("delay=0s"));
    const { upstreamId } = await w.rowOf(id);
    await Promise.all(Array.from({ length: 20 }, () => deliver(id, upstreamId ?? "")));
    await until(async () => (await w.rowOf(id)).nextAt === null);
    await deliver(id, upstreamId ?? "");
    expect(await w.moneyOf(world, id)).toEqual(["hold", "capture"]);
  });

  it("finds a lost job its task at once", async () => {
    const world = await w.newWorld();
    const text = w.prompt("delay=0s, cut=after");
    const id = await w.submit(world, text);
    const [task] = await w.tasksOf(text);
    expect(await deliver(id, task ?? "")).toBe(200);
    expect(await w.rowOf(id)).toMatchObject({ upstreamId: task, claimed: true });
    await w.finish(id);
    expect(await w.moneyOf(world, id)).toEqual(["hold", "capture"]);
  });

  it("does not give a lost job a task that does not exist, or that another job has", async () => {
    const world = await w.newWorld();
    const other = await w.submit(world, w.prompt("delay=1h"));
    const id = await w.submit(world, w.prompt("cut=before"));
    await deliver(id, w.hex(16));
    await deliver(id, (await w.rowOf(other)).upstreamId ?? "");
    expect(await w.rowOf(id)).toMatchObject({ state: "unknown", upstreamId: null });
    await w.finish(id);
    expect(await w.moneyOf(world, id)).toEqual(["hold", "release"]);
  });

  it("without a signature that verifies does not give a lost job a stranger's task", async () => {
    const world = await w.newWorld();
    const id = await w.submit(world, w.prompt("cut=before"));
    const stranger = await w.simulator<{ id: string }>("POST", `/api/v3/${w.T2V}`, { prompt: w.prompt("delay=0s") });
    await deliver(id, stranger.id, { forged: true });
    expect(await w.rowOf(id)).toMatchObject({ state: "unknown", upstreamId: null });
  });
});

async function until(met: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (await met()) return;
    await scheduler.wait(30);
  }
  throw new Error("it did not come about");
}
