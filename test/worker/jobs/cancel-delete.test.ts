import { describe, expect, it } from "vitest";
import * as w from "./world.ts";

const call = (world: w.World, method: string, path: string, body?: unknown): Promise<Response> =>
  w.gateway(`/api/v3/predictions/${path}`, {
    method,
    headers: { authorization: `Bearer ${world.key}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

const dataOf = async (response: Response): Promise<Record<string, unknown>> =>
  ((await response.json()) as { data: Record<string, unknown> }).data;

const QUEUED = "http=429, retry_after=60, times=9";

describe("cancel", () => {
  it("a job that is not sent yet: cancelled, and given back at once", async () => {
    const world = await w.newWorld();
    const id = await w.submit(world, w.prompt(QUEUED));
    const cancelled = await call(world, "POST", `${id}/cancel`);
    expect(cancelled.status).toBe(200);
    expect(await dataOf(cancelled)).toMatchObject({ id, status: "cancelled" });
    await expect.poll(() => w.moneyOf(world, id)).toEqual(["hold", "release"]);
    expect((await call(world, "POST", `${id}/cancel`)).status).toBe(409);
  });

  it("a job that WaveSpeed has: 409, it goes on and is charged", async () => {
    const world = await w.newWorld();
    const id = await w.submit(world, w.prompt("delay=0s"));
    expect((await call(world, "POST", `${id}/cancel`)).status).toBe(409);
    await w.finish(id);
    expect(await w.moneyOf(world, id)).toEqual(["hold", "capture"]);
  });

  it("another tenant's job answers as one that does not exist", async () => {
    const [mine, theirs] = [await w.newWorld(), await w.newWorld()];
    const id = await w.submit(theirs, w.prompt(QUEUED));
    expect((await call(mine, "POST", `${id}/cancel`)).status).toBe(404);
    expect(await w.moneyOf(theirs, id)).toEqual(["hold"]);
  });
});

describe("delete", () => {
  it.each([
    ["while it runs", false],
    ["when it has ended", true],
  ])("a repeat with the same Idempotency-Key says that the job was deleted, %s", async (_when, ended) => {
    const world = await w.newWorld();
    const submit = (text: string) =>
      w.gateway(`/api/v3/${w.T2V}`, {
        method: "POST",
        headers: { authorization: `Bearer ${world.key}`, "idempotency-key": "one" },
        body: JSON.stringify({ prompt: text }),
      });
    const text = w.prompt("delay=0s");
    const { id } = (await dataOf(await submit(text))) as { id: string };
    if (ended) await w.finish(id);
    await call(world, "POST", "delete", { ids: [id] });
    const again = await submit(text);
    expect(again.status).toBe(404);
    expect(await again.text()).toContain("was deleted");
    await w.finish(id);
    expect(await w.moneyOf(world, id)).toEqual(["hold", "capture"]);
  });

  it("an unfinished job is hidden at once, followed until it is settled, then purged", async () => {
    const world = await w.newWorld();
    const id = await w.submit(world, w.prompt("delay=0s"));
    expect(await dataOf(await call(world, "POST", "delete", { ids: [id, id] }))).toEqual({ deleted_count: 1 });
    for (const path of [`${id}/result`, `${id}/events`, `${id}/timeline`, `${id}/input`]) {
      expect((await call(world, "GET", path)).status).toBe(404);
    }
    expect(await w.finish(id)).toMatchObject({ state: "completed", result: null });
    expect(await w.moneyOf(world, id)).toEqual(["hold", "capture"]);
    expect(await dataOf(await call(world, "POST", "delete", { ids: [id] }))).toEqual({ deleted_count: 0 });
  });

  it("a finished job is purged at once; one that is not sent is cancelled; others' are passed over", async () => {
    const [world, other] = [await w.newWorld(), await w.newWorld()];
    const done = await w.submit(world, w.prompt("delay=0s"));
    await w.finish(done);
    const queued = await w.submit(world, w.prompt(QUEUED));
    const theirs = await w.submit(other, w.prompt("delay=1h"));
    const ids = [done, queued, theirs, "nonsense", `${world.tenant}0000${"0".repeat(16)}`];
    expect(await dataOf(await call(world, "POST", "delete", { ids }))).toEqual({ deleted_count: 2 });
    expect(await w.rowOf(done)).toMatchObject({ result: null });
    await expect.poll(() => w.moneyOf(world, queued)).toEqual(["hold", "release"]);
    expect((await call(other, "GET", `${theirs}/result`)).status).toBe(200);
  });

  it.each([{}, { ids: [] }, { ids: "x" }, { ids: [1] }, { ids: Array.from({ length: 101 }, () => "x") }])(
    "a body of another form is refused by the field's name",
    async (body) => {
      const world = await w.newWorld();
      const response = await call(world, "POST", "delete", body);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({
        error: { issues: [{ field: "ids", rule: "must be a list of 1 to 100 job ids" }] },
      });
    },
  );
});
