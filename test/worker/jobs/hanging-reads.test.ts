import { afterEach, describe, expect, it, vi } from "vitest";
import { spyFetch } from "../../support/spy-fetch.ts";
import * as w from "./world.ts";

afterEach(() => void vi.restoreAllMocks());

/** Requests of a kind hang, whatever their limit, until they are let go; answers how many there were. */
function hang(kind: (request: Request) => boolean): { count: () => number; letGo: () => void } {
  let count = 0;
  const gate = Promise.withResolvers<void>();
  spyFetch(async (request, real) => {
    if (!kind(request)) return real(request);
    count += 1;
    const copy = new Request(request.url, {
      method: request.method,
      headers: request.headers,
      body: await request.text().then((text) => text || null),
    });
    await gate.promise;
    return real(copy);
  });
  return { count: () => count, letGo: gate.resolve };
}

/** Longer than anything that is due may be kept by something else. */
const SOON_MS = 5_000;

describe("a read of WaveSpeed that hangs keeps its own job alone:", () => {
  const KINDS: [string, string, (upstreamId: string | null) => (request: Request) => boolean][] = [
    [
      "a poll",
      "delay=1h",
      (id) =>
        ({ url }) =>
          url.includes(`/predictions/${id}/result`),
    ],
    [
      "a walk of the list",
      "cut=after, delay=1h",
      () =>
        ({ url }) =>
          url.endsWith("/api/v3/predictions"),
    ],
  ];

  it.each(KINDS)("%s", async (_kind, faults, kindOf) => {
    const world = await w.newWorld();
    const hangs = await w.submit(world, w.prompt(faults));
    const ends = await w.submit(world, w.prompt("delay=0s"));
    const waits = await w.submit(world, w.prompt("delay=1h, http=429, retry_after=60, times=1"));
    const { state, upstreamId } = await w.rowOf(hangs);
    const hanging = hang(kindOf(upstreamId));
    const began = performance.now();
    await w.ring(hangs);
    expect(hanging.count()).toBe(1);
    // Polled and settled, sent, and cancelled, each by an alarm or a call of its own.
    expect(await w.ring(ends)).toMatchObject({ state: "completed", settlement: null, settled: "capture" });
    expect(await w.rowOf(await w.submit(world, w.prompt("delay=1h")))).toMatchObject({ state: "running" });
    expect(await w.tracker(waits).cancel(waits)).toBe("cancelled");
    await expect.poll(() => w.rowOf(waits)).toMatchObject({ settlement: null, settled: "release" });
    expect(performance.now() - began).toBeLessThan(SOON_MS);
    // It is not begun twice meanwhile, and its own answer counts when it comes.
    await w.ring(hangs);
    expect(hanging.count()).toBe(1);
    expect(await w.rowOf(hangs)).toMatchObject({ state });
    hanging.letGo();
    // A walk writes when the next is; a poll without news does not.
    const isDone = async () => (await w.pollsOf(upstreamId)) > 0 || ((await w.rowOf(hangs)).nextAt ?? 0) > began;
    await expect.poll(isDone).toBe(true);
  });

  it("the object dies meanwhile: the job is looked at again", async () => {
    const world = await w.newWorld();
    const id = await w.submit(world, w.prompt("delay=0s"));
    const { upstreamId } = await w.rowOf(id);
    const hanging = hang(({ url }) => url.includes(`/predictions/${upstreamId}/result`));
    await w.ring(id);
    const due = await w.inTracker(id, (_sql, state) => state.storage.getAlarm());
    expect(due, "whatever becomes of this instance").toBeLessThan(Date.now() + 15_000);
    await w.crash();
    vi.restoreAllMocks();
    hanging.letGo();
    expect(await w.ring(id)).toMatchObject({ state: "completed", settled: "capture" });
  });
});

it("a webhook that comes while its job is polled has it polled again", async () => {
  const world = await w.newWorld();
  const id = await w.submit(world, w.prompt("delay=1h"));
  const { upstreamId } = await w.rowOf(id);
  const hanging = hang(({ url }) => url.includes(`/predictions/${upstreamId}/result`));
  await w.ring(id);
  await w.tracker(id).hint(id, w.hook(upstreamId ?? ""));
  hanging.letGo();
  await expect.poll(hanging.count).toBe(2);
  await expect.poll(async () => (await w.rowOf(id)).nextAt).toBeGreaterThan(Date.now() + 60_000);
});
