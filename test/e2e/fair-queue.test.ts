import { afterAll, beforeAll, expect, test } from "vitest";
import { startGateway, type StartedGateway } from "../support/started-gateway.ts";
import { Books } from "./books.ts";
import { race, submit, tally } from "./race.ts";

/** WaveSpeed's lowest tier, but for its minute, which would make this last for hours. */
const TASKS = 2;
const WAITING = 1_000;

let gateway: StartedGateway;
beforeAll(async () => {
  gateway = await startGateway({
    env: {
      WAVESPEED_CONCURRENT_TASKS: String(TASKS),
      SIMULATOR_TASK_MS: "300",
      POLL_MS_MIN: "100",
      POLL_MS_MAX: "200",
    },
  });
});
afterAll(() => gateway?.kill9());

/** Calls the simulator as the gateway's own account. */
async function simulator<T>(path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${gateway.info.simulator}${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { authorization: "Bearer sim_local", "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return ((await response.json()) as { data: T }).data;
}

interface Listed {
  created_at: string;
  input: { prompt: string };
}

/** Prompts of the newest tasks, in the order in which they were made. */
async function tasks(): Promise<string[]> {
  const { items } = await simulator<{ items: Listed[] }>("/api/v3/predictions", {
    include_inputs: true,
    page_size: 100,
  });
  return items.toSorted((a, b) => a.created_at.localeCompare(b.created_at)).map(({ input }) => input.prompt);
}

test("a tenant with 1,000 queued jobs delays another's single job by one slot, and the limit is never passed", async () => {
  // The account itself refuses what would be one too many.
  await simulator("/control/limits", { concurrent_tasks: TASKS, videos_per_minute: 100_000 });
  const [many, one] = [await Books.open(gateway.info, "100000"), await Books.open(gateway.info, "100")];
  const { id: keyId, key } = await many.books.newKey({});

  for (let sent = 0; sent < WAITING; sent += 50) {
    expect(tally(await race(gateway.info, [key], 50, { prompt: "many" }))).toEqual({ "200": 50 });
  }
  const before = (await tasks()).length;
  const single = await submit(gateway.info, one.key, { prompt: "one" });
  const place = Number(single.headers.get("x-wavegate-queue-position"));
  expect(place).toBeGreaterThanOrEqual(1);
  expect(place).toBeLessThanOrEqual(2);
  await expect.poll(async () => (await tasks()).includes("one"), { timeout: 30_000, interval: 50 }).toBe(true);
  const order = await tasks();
  // Those that were granted while the submit was on its way come before it too.
  const overtook = order.slice(Math.min(before, 99)).indexOf("one");
  expect(overtook).toBeLessThanOrEqual(TASKS + 1);

  await many.books.manage("DELETE", `/keys/${keyId}?cancel_queued=true`);
  const settled = async () => {
    const [first, second] = [await many.books.audit(), await one.books.audit()];
    return first["open_holds"] === 0 && second["open_holds"] === 0 && first.consistent && second.consistent;
  };
  await expect.poll(settled, { timeout: 60_000, interval: 200 }).toBe(true);
  const { submits, tasks: made } = await simulator<{ submits: number; tasks: number }>("/control/bill?limit=1");
  expect(submits, "no POST was refused").toBe(made);
});
