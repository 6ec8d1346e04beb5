import { describe, expect, it } from "vitest";
import * as w from "./world.ts";

const read = (world: w.World, path: string, headers: Record<string, string> = {}): Promise<Response> =>
  w.gateway(`/api/v3/predictions/${path}`, { headers: { authorization: `Bearer ${world.key}`, ...headers } });

const statusOf = async (response: Response): Promise<string> =>
  ((await response.json()) as { data: { status: string } }).data.status;

interface Told {
  event: string;
  id: string;
  status: string;
}

/** The events of a stream, read to its end. */
async function eventsOf(response: Response): Promise<Told[]> {
  const blocks = (await response.text()).split("\n\n").filter((block) => block.startsWith("event:"));
  return blocks.map((block) => {
    const field = (name: string): string => new RegExp(`^${name}: ?(.*)$`, "m").exec(block)?.[1] ?? "";
    return { event: field("event"), id: field("id"), status: (JSON.parse(field("data")) as { status: string }).status };
  });
}

describe("reads with an ETag", () => {
  it("answer 304 while nothing has changed, and 200 with another tag when it has", async () => {
    const world = await w.newWorld();
    const id = await w.submit(world, w.prompt("delay=0s"));
    const first = await read(world, `${id}/result`);
    const tag = first.headers.get("etag") ?? "";
    expect(tag).toMatch(/^"[0-9a-f]{16}"$/);
    const same = await read(world, `${id}/result`, { "if-none-match": tag });
    expect(same.status).toBe(304);
    expect(await same.text()).toBe("");
    await w.finish(id);
    const changed = await read(world, `${id}/result`, { "if-none-match": tag });
    expect(changed.status).toBe(200);
    expect(changed.headers.get("etag")).not.toBe(tag);
    expect(await statusOf(changed)).toBe("completed");
  });
});

describe("a long poll", () => {
  it("answers when the job ends, and at once when it has ended", async () => {
    const world = await w.newWorld();
    const id = await w.submit(world, w.prompt("delay=0s"));
    const waiting = read(world, `${id}/result?wait=30`);
    await w.finish(id);
    expect(await statusOf(await waiting)).toBe("completed");
    expect(await statusOf(await read(world, `${id}?wait=60`))).toBe("completed");
  });

  it("answers after its time with the job as it is", async () => {
    const world = await w.newWorld();
    const id = await w.submit(world, w.prompt("delay=1h"));
    const before = Date.now();
    expect(await statusOf(await read(world, `${id}/result?wait=1`))).not.toBe("completed");
    expect(Date.now() - before).toBeGreaterThanOrEqual(990);
  });

  it.each(["-1", "61", "x", "1.5", ""])("of %j seconds is refused by the field's name", async (wait) => {
    const world = await w.newWorld();
    const id = await w.submit(world, w.prompt("delay=1h"));
    const response = await read(world, `${id}/result?wait=${wait}`);
    expect(response.status).toBe(400);
    expect(JSON.stringify(await response.json())).toContain("wait");
  });
});

describe("events", () => {
  it("tell each state once, end with the job, and carry the tags of reads", async () => {
    const world = await w.newWorld();
    const id = await w.submit(world, w.prompt("delay=0s"));
    const response = await read(world, `${id}/events`);
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    const reading = eventsOf(response);
    await w.finish(id);
    const told = await reading;
    expect(told.at(-1)?.status).toBe("completed");
    expect(new Set(told.map((one) => one.id)).size).toBe(told.length);
    expect((await read(world, `${id}/result`)).headers.get("etag")).toBe(told.at(-1)?.id);

    const again = await read(world, `${id}/events`, { "last-event-id": told.at(-1)?.id ?? "" });
    expect(await eventsOf(again)).toEqual([]);
  });

  it("of another tenant's job are those of a job that does not exist", async () => {
    const [mine, theirs] = [await w.newWorld(), await w.newWorld()];
    const id = await w.submit(theirs, w.prompt("delay=1h"));
    const unknown = `${mine.tenant}0000${"0".repeat(16)}`;
    const [other, none] = await Promise.all([read(mine, `${id}/events`), read(mine, `${unknown}/events`)]);
    expect(other.status).toBe(404);
    expect(await other.text()).toBe(await none.text());
  });
});
