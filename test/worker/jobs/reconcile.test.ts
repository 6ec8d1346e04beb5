import { afterEach, describe, expect, it, vi } from "vitest";
import { spyFetch } from "../../support/spy-fetch.ts";
import { alertsOf, compare, comparedAt, ended } from "./bills.ts";
import * as w from "./world.ts";

const HOUR = 3_600_000;

afterEach(() => vi.restoreAllMocks());

describe("a settled job and WaveSpeed's bill", () => {
  it("is compared four hours after, and the timeline says so without the cost", async () => {
    const world = await w.newWorld();
    const id = await ended(world, "delay=0s");
    const { reconcileAt, settledAt } = await w.rowOf(id);
    expect((reconcileAt ?? 0) - (settledAt ?? 0)).toBeGreaterThanOrEqual(4 * HOUR);
    const before = await w.rowOf(id);
    expect(await w.tracker(id).timeline(id)).not.toMatchObject({
      events: expect.arrayContaining([expect.objectContaining({ event: "reconciled" })]),
    });
    const at = await compare(id);
    expect(await w.rowOf(id), "that it agrees is not written").toEqual({ ...before, reconcileAt: at });
    const response = await w.gateway(`/api/v3/predictions/${id}/timeline`, {
      headers: { authorization: `Bearer ${world.key}` },
    });
    const { data } = await response.json<{ data: { events: { event: string; amount: string | null }[] } }>();
    const told = data.events.find(({ event }) => event === "reconciled");
    expect(told).toEqual({ event: "reconciled", actor: "wavespeed", amount: null, at: new Date(at).toISOString() });
    expect(await alertsOf(id)).toEqual([]);
  });

  it("many are compared in one read", async () => {
    const world = await w.newWorld();
    const ids = [await ended(world, "delay=0s"), await ended(world, "delay=0s, fail"), await ended(world, "delay=0s")];
    const called: string[] = [];
    spyFetch((request, real) => {
      called.push(request.url);
      return real(request);
    });
    await compare(...ids);
    expect(called.filter((url) => url.includes("billings"))).toHaveLength(1);
    for (const id of ids) expect(await comparedAt(id)).not.toBeNull();
  });

  it("one that was charged and then refunded upstream is told to people, and no money moves", async () => {
    const world = await w.newWorld();
    const id = await ended(world, "delay=0s, refund");
    for (let looks = 0; looks < 3; looks++) {
      await compare(id);
      expect(await alertsOf(id)).toEqual([]);
    }
    await compare(id);
    expect(await alertsOf(id)).toEqual([expect.stringContaining(`by our books it is ${w.PRICE}`)]);
    expect(await w.rowOf(id)).toMatchObject({ reconcileAt: null, billedMicros: 0 });
    expect(await comparedAt(id)).not.toBeNull();
    expect(await w.balance(world)).toEqual({ captured: w.PRICE, held: 0 });
  });

  it("a bill that cannot be read is looked at again", async () => {
    const world = await w.newWorld();
    const id = await ended(world, "delay=0s");
    await w.simulator("POST", "/control/faults", { match: { operation: "billings" }, fault: { http: 503 }, times: 1 });
    await compare(id);
    expect(await w.rowOf(id)).toMatchObject({ reconcileTries: 1, reconciledAt: null });
    expect(await comparedAt(id)).toBeNull();
    const at = await compare(id);
    expect(await comparedAt(id)).toBe(at);
  });

  it("one that WaveSpeed never had is not asked for", async () => {
    const world = await w.newWorld();
    const id = await w.submit(world, w.prompt("refuse=1402"));
    await w.finish(id);
    expect(await w.rowOf(id)).toMatchObject({ state: "failed", settled: "release", reconcileAt: null });
  });
});
