import { describe, expect, it } from "vitest";
import { withLoss } from "../../../src/jobs/timeline.ts";
import * as w from "./world.ts";

interface Told {
  price: string;
  rate_version: number;
  pricing_version: number;
  quote: string | null;
  upstream_id: string | null;
  events: { event: string; at: string; actor: string; amount: string | null }[];
}

const path = (id: string): string => `/api/v3/predictions/${id}/timeline`;
const ask = (world: w.World, id: string): Promise<Response> =>
  w.gateway(path(id), { headers: { authorization: `Bearer ${world.key}` } });
const told = async (world: w.World, id: string): Promise<Told> =>
  ((await (await ask(world, id)).json()) as { data: Told }).data;

describe("a job's money timeline", () => {
  it("of a job that completes: held, queued, submitted, running, completed, captured, each with time and actor", async () => {
    const world = await w.newWorld();
    const id = await w.submit(world, w.prompt("delay=0s"));
    await w.finish(id);
    const { upstreamId } = await w.rowOf(id);
    const [key] = await world.ledger.listKeys();
    const timeline = await told(world, id);
    expect(timeline).toMatchObject({ price: "1.300000", rate_version: 1, pricing_version: 1, upstream_id: upstreamId });
    expect(timeline.events.map(({ event, actor, amount }) => [event, actor, amount])).toEqual([
      ["held", `key:${key?.id}`, "1.300000"],
      ["queued", "wavegate", null],
      ["submitted", "wavegate", null],
      ["running", "wavespeed", null],
      ["completed", "wavespeed", null],
      ["captured", "wavegate", "1.300000"],
    ]);
    const times = timeline.events.map(({ at }) => Date.parse(at));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  it("of a lost one says that its outcome was unknown, and what became of its hold", async () => {
    const world = await w.newWorld();
    const id = await w.submit(world, w.prompt("drop=before"));
    await w.nextWalk(id);
    await w.nextWalk(id);
    const { events } = await told(world, id);
    const names = events.map(({ event }) => event);
    // The test moves the time of the POST back, and so its place in the story.
    expect(names.filter((name) => name !== "submitted")).toEqual(["held", "queued", "unknown", "failed", "released"]);
    expect(names).toContain("submitted");
  });

  it("of one that was given up has write-off and loss for the operator, and neither for its tenant", async () => {
    const world = await w.newWorld();
    const id = await w.submit(world, w.prompt("delay=0s, poll.http=503, poll.times=1"));
    await w.age(id, "created_at", 8 * 24 * 3_600_000 + 1_000);
    expect(await w.ring(id)).toMatchObject({ state: "expired" });
    const all = async () => {
      const events = (await w.tracker(id).timeline(id))?.events ?? [];
      return withLoss(events, await world.ledger.lossOf(id)).map(({ event, amountMicros }) => [event, amountMicros]);
    };
    const end = [
      ["expired", null],
      ["released", w.PRICE],
      ["written_off", w.PRICE],
    ];
    expect((await all()).slice(-3)).toEqual(end);
    expect(await w.ring(id)).toMatchObject({ state: "completed" });
    const names = (await all()).map(([event]) => event);
    expect(names.slice(-4).toSorted()).toEqual(["completed", "loss", "released", "written_off"]);
    expect(await all()).toContainEqual(["loss", w.PRICE]);
    const own = (await told(world, id)).events.map(({ event }) => event);
    expect(own).toEqual(names.filter((name) => name !== "written_off" && name !== "loss"));
  });

  it("of another tenant's job is that of none", async () => {
    const [mine, theirs] = [await w.newWorld(), await w.newWorld()];
    const id = await w.submit(theirs, w.prompt("delay=1h"));
    expect((await ask(mine, id)).status).toBe(404);
  });
});
