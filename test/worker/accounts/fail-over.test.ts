import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { forgetSettings } from "../../../src/settings/index.ts";
import { testEnv } from "../../support/test-env.ts";
import * as w from "./world.ts";

const fault = (name: w.AccountName, http: number, times = 1, operation = "submit") =>
  w.upstream(name, "POST", "/control/faults", { match: { operation }, fault: { http }, times });

let open: string[] = [];

async function submit(world: w.World, text: string): Promise<string> {
  const id = await w.submit(world, text);
  open.push(id);
  return id;
}

afterEach(async () => {
  for (const id of open) await w.end(id);
  open = [];
});

beforeEach(async () => {
  await w.unpause("other");
  for (const name of ["live", "other"] as const) {
    await w.upstream(name, "DELETE", "/control/faults");
    await w.upstream(name, "POST", "/control/limits", { tier: "ultra", balance_usd: 1_000_000 });
    await w.account(name).check(name);
    await w.inAccount(name, ({ storage }) => {
      storage.sql.exec("UPDATE desk SET circuit = NULL, blocked_until = 0");
    });
  }
  forgetSettings(testEnv.CONTROL);
  await w.free("live");
});

const alertsOf = async (kind: string): Promise<string[]> => {
  const { results } = await testEnv.CONTROL.prepare("SELECT subject FROM alerts WHERE kind = ?").bind(kind).all();
  return results.map((row) => String(row["subject"]));
};

/** Runs a job to its end and answers where its task was made. */
async function run(world: w.World, id: string) {
  await w.finish(id);
  const job = await w.rowOf(id);
  expect(await w.balance(world)).toEqual({ captured: job.state === "completed" ? w.PRICE : 0, held: 0 });
  return job;
}

describe("an account that refuses a job", () => {
  it.each([401, 402, 403])(
    "%d: the job goes to the next, in the same answer, and is polled and paid there",
    async (http) => {
      const world = await w.newWorld();
      const before = await w.postsTo("other");
      await fault("live", http);
      const response = await w.send(world, { prompt: w.prompt("delay=0s") });
      expect(response.status).toBe(200);
      const { data } = await response.json<{ data: { id: string } }>();
      expect(await w.rowOf(data.id)).toMatchObject({ account: "other", state: "running" });
      expect((await w.postsTo("other")) - before).toBe(1);
      expect(await run(world, data.id)).toMatchObject({ state: "completed", account: "other" });
      expect(await alertsOf("upstream_account")).toContain("live");
    },
  );

  it("its lost reply is looked for in the account that it was sent with", async () => {
    const world = await w.newWorld();
    await fault("live", 403);
    const id = await submit(world, w.prompt("delay=0s, cut=after"));
    expect(await w.rowOf(id)).toMatchObject({ account: "other", state: "unknown" });
    expect(await run(world, id)).toMatchObject({ state: "completed", account: "other", claimed: true });
  });

  it("both refuse: 503, nothing is charged, and the message is ours", async () => {
    const world = await w.newWorld();
    await fault("live", 402);
    await fault("other", 402);
    const response = await w.send(world, { prompt: w.prompt() });
    expect(response.status).toBe(503);
    const text = await response.text();
    expect(text).toContain("did not take the job");
    expect(text).not.toMatch(/402|credit|fund|account/i);
    expect(await w.balance(world)).toEqual({ captured: 0, held: 0 });
  });

  it("whose balance is there stays in use: it was about that job", async () => {
    const world = await w.newWorld();
    await fault("live", 403);
    await submit(world, w.prompt("delay=0s"));
    await settled("live");
    expect(await w.statusOf("live")).toMatchObject({ circuit: { state: "closed" } });
    expect(await w.rowOf(await submit(world, w.prompt("delay=0s")))).toMatchObject({ account: "live" });
  });
});

describe("a task that is claimed once more, by a tracker that forgot", () => {
  const lossesOf = (name: w.AccountName) =>
    w.inAccount(name, ({ storage }) => {
      const text = storage.sql.exec("SELECT circuit FROM desk").toArray()[0]?.["circuit"];
      return (JSON.parse(String(text ?? "{}")) as { losses?: number }).losses ?? 0;
    });

  it("tells nothing of how the account does now; a new one does", async () => {
    const claim = (upstreamId: string, jobId: string) =>
      w.account("live").claim([{ upstreamId, jobId, sentWith: { account: "live", permit: null } }]);
    const [task, job] = [w.hex(16), w.hex(16)];
    expect(await claim(task, job)).toEqual([true]);
    await w.account("live").failed("live", { kind: "lost" });
    expect(await lossesOf("live")).toBe(1);
    expect(await claim(task, job)).toEqual([true]);
    expect(await lossesOf("live")).toBe(1);
    expect(await claim(w.hex(16), w.hex(16))).toEqual([true]);
    expect(await lossesOf("live")).toBe(0);
  });
});

/** Waits until the balance that a fault had read has been read. */
async function settled(name: w.AccountName): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const pending = await w.inAccount(name, ({ storage }) => {
      const text = storage.sql.exec("SELECT circuit FROM desk").toArray()[0]?.["circuit"];
      const { probeAt, state } = JSON.parse(String(text ?? "{}")) as { probeAt?: number | null; state?: string };
      return state === "closed" && probeAt != null;
    });
    if (!pending) return;
    await scheduler.wait(20);
  }
}

describe("an account whose balance is used up", () => {
  const empty = async (balanceUsd: number) => {
    await w.upstream("live", "POST", "/control/limits", { balance_usd: balanceUsd });
  };

  it("is not used until the balance is there: no POST goes to it, and operators see why", async () => {
    const world = await w.newWorld();
    await empty(0);
    const first = await submit(world, w.prompt("delay=0s"));
    expect(await w.rowOf(first)).toMatchObject({ account: "other" });
    await settled("live");
    expect(await w.statusOf("live")).toMatchObject({ circuit: { state: "open", reason: "its balance is used up" } });
    expect(await alertsOf("account_circuit_open")).toContain("live");
    const posts = await w.postsTo("live");
    for (let index = 0; index < 3; index++) {
      expect(await w.rowOf(await submit(world, w.prompt("delay=0s")))).toMatchObject({ account: "other" });
    }
    expect((await w.postsTo("live")) - posts).toBe(0);
    await empty(100);
    await w.inAccount("live", ({ storage }) => {
      storage.sql.exec("UPDATE desk SET circuit = json_set(circuit, '$.probeAt', 1)");
    });
    await w.ringAccount("live");
    expect(await w.statusOf("live")).toMatchObject({ circuit: { state: "closed" } });
    expect(await w.rowOf(await submit(world, w.prompt("delay=0s")))).toMatchObject({ account: "live" });
  });

  it("with no other left: 503 before anything is held, with a time to come back", async () => {
    const world = await w.newWorld();
    await w.pause("other");
    await empty(0);
    await w.account("live").check("live");
    const response = await w.send(world, { prompt: w.prompt() });
    expect(response.status).toBe(503);
    expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await world.ledger.entries(0, 10)).entries).toHaveLength(0);
    await empty(100);
    await w.account("live").check("live");
    expect(await w.rowOf(await submit(world, w.prompt("delay=0s")))).toMatchObject({ account: "live" });
  });

  it("jobs that wait for it go to another that is in use", async () => {
    const world = await w.newWorld();
    await w.pause("other");
    const ids = [];
    for (let index = 0; index < 3; index++) ids.push(await submit(world, w.prompt("delay=0s")));
    const waits = ids[2] ?? "";
    expect((await w.rowOf(waits)).state).toBe("queued");
    await w.inTracker(waits, (sql) => sql.exec(`UPDATE jobs SET accounts = '["live","other"]' WHERE id = ?`, waits));
    await empty(0);
    await w.account("live").check("live");
    await w.ring(waits);
    expect(await w.rowOf(waits), "not to one that is paused").toMatchObject({ account: "live", state: "queued" });
    await w.unpause("other");
    await w.ring(waits);
    expect(await w.until(waits, ({ state }) => state === "running")).toMatchObject({
      account: "other",
      state: "running",
    });
  });
});

it("a job that would have to wait goes to the account that takes it at once", async () => {
  const world = await w.newWorld();
  const ids = [];
  for (let index = 0; index < 3; index++) ids.push(await submit(world, w.prompt("delay=0s")));
  const accounts = await Promise.all(ids.map(async (id) => (await w.rowOf(id)).account));
  expect(accounts).toEqual(["live", "live", "other"]);
});

it("a queued job of an account that was configured away does not keep its tracker's other jobs", async () => {
  const world = await w.newWorld();
  const runs = await submit(world, w.prompt("delay=0s"));
  const stuck = await submit(world, w.prompt("delay=0s, http=429, retry_after=60, times=1"));
  await w.inTracker(stuck, (sql) => sql.exec("UPDATE jobs SET account = 'gone' WHERE id = ?", stuck));
  await w.inTracker(stuck, (sql) => sql.exec("UPDATE jobs SET next_at = next_at % 1000 + 1 WHERE next_at IS NOT NULL"));
  await w.ring(runs);
  expect(await w.until(runs, ({ state }) => state === "completed")).toMatchObject({ state: "completed" });
  const { state, nextAt } = await w.rowOf(stuck);
  expect(state).toBe("queued");
  expect(nextAt).toBeGreaterThan(Date.now());
  await w.inTracker(stuck, (sql) => sql.exec("UPDATE jobs SET account = 'live' WHERE id = ?", stuck));
  await w.inAccount("live", ({ storage }) => {
    storage.sql.exec("UPDATE desk SET blocked_until = 0");
  });
});

it("a job of an account that was configured away expires after 8 days, and its hold is given back", async () => {
  const world = await w.newWorld();
  const id = await submit(world, w.prompt("delay=0s"));
  await w.inTracker(id, (sql) => sql.exec("UPDATE jobs SET account = 'gone' WHERE id = ?", id));
  await w.age(id, "created_at", 9 * 24 * 3_600_000);
  await w.finish(id);
  expect(await w.rowOf(id)).toMatchObject({ state: "expired", settled: "release" });
  expect(await w.balance(world)).toEqual({ captured: 0, held: 0 });
  await w.inTracker(id, (sql) => sql.exec("UPDATE permits SET account = 'live'"));
});

it("an account that was configured away is named to operators, and its jobs are kept", async () => {
  const world = await w.newWorld();
  const id = await submit(world, w.prompt("delay=0s"));
  await w.inTracker(id, (sql) => sql.exec("UPDATE jobs SET account = 'gone' WHERE id = ?", id));
  expect(await w.ring(id)).toMatchObject({ state: "running", settlement: null });
  expect(await w.moneyOf(world, id)).toEqual(["hold"]);
  await w.inTracker(id, (sql) => sql.exec("UPDATE jobs SET account = 'live' WHERE id = ?", id));
  expect(await run(world, id)).toMatchObject({ state: "completed" });
});
