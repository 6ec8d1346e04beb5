import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { startGateway, type StartedGateway } from "../support/started-gateway.ts";
import { Dice } from "../worker/storm/dice.ts";
import { anyFate, promptOf, type Fate } from "../worker/storm/fate.ts";
import { Books, type Job } from "./books.ts";

const MODEL = "kwaivgi/kling-v2.1-i2v-standard";
const SUBMITTERS = 8;
const KILL_MS_MAX = 900;

/** Fewer while working on something else: WAVEGATE_KILLS=2. */
const KILLS = Number(process.env["WAVEGATE_KILLS"] ?? 20);

/** Left to the storms of test/worker: what refuses a job, ends it at a price nobody knows, or takes days. */
const NOT_HERE =
  /refuse|http=40[1-4]|http=4[12][23]|1407|http=429, retry_after=1$|slow=4s|vanish|end=|end_status|delay=10h|late=5m/;

/** What befalls a job; each prompt is used once, so that a task tells which submit made it. */
function nextFate(dice: Dice): Fate {
  for (;;) {
    const fate = anyFate(dice);
    if (!fate.faults.some((fault) => NOT_HERE.test(fault))) return fate;
  }
}

/** Short, so that what a kill leaves open is resolved within seconds instead of minutes. */
const ENV = {
  SIMULATOR_TASK_MS: "400",
  POLL_MS_MIN: "100",
  POLL_MS_MAX: "500",
  START_WAIT_MS: "500",
  SUBMIT_MS_MAX: "2000",
  HOLD_ACK_MS: "2000",
  UNKNOWN_WALK_GAP_MS: "2000",
};

let gateway: StartedGateway | undefined;
afterAll(() => gateway?.kill9());

/** Every prompt that was sent, and the job that the reply named; null where the kill took the reply. */
const sent = new Map<string, string | null>();

/** Submits without a pause until the gateway is gone. */
async function submitUntilKilled(url: string, key: string, dice: Dice): Promise<void> {
  for (;;) {
    const prompt = promptOf(`clip ${sent.size}`, nextFate(dice));
    sent.set(prompt, null);
    try {
      const response = await fetch(`${url}/api/v3/${MODEL}`, {
        method: "POST",
        headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
        body: JSON.stringify({ image: "https://example.com/a.jpg", prompt }),
      });
      const body = (await response.json()) as { data?: { id: string } };
      // A refusal would be a failure of the test: the budget is large.
      sent.set(prompt, body.data?.id ?? `refused: ${JSON.stringify(body)}`);
    } catch {
      return;
    }
  }
}

const replies = (): string[] => [...sent.values()].filter((id) => id !== null);
const lost = (): number => sent.size - replies().length;

/** Kills at a random moment under load, once the first submits were answered. */
async function submitAndKill(running: StartedGateway, key: string, dice: Dice): Promise<void> {
  const before = replies().length;
  const submitters = Array.from({ length: SUBMITTERS }, () => submitUntilKilled(running.info.gateway, key, dice));
  await expect.poll(() => replies().length, { timeout: 30_000, interval: 5 }).toBeGreaterThan(before);
  await sleep(dice.below(KILL_MS_MAX));
  await running.kill9();
  await Promise.all(submitters);
}

function expectEndedOnce(jobs: Job[]): void {
  const byId = new Map(jobs.map((job) => [job.id, job]));
  expect(byId.size).toBe(jobs.length);
  for (const id of replies()) expect(byId.get(id), `job ${id} was admitted`).toMatchObject({ id });
  // What else is there is of submits whose reply the kill took.
  expect(jobs.length - replies().length).toBeLessThanOrEqual(lost());
  for (const job of jobs) {
    expect(job.ended_at).not.toBeNull();
    expect(job.price).toBe(job.status === "completed" ? "0.250000" : null);
  }
}

async function expectOneTaskPerJob(books: Books, jobs: Job[]): Promise<void> {
  const tasks = await books.tasks();
  const prompts = tasks.map((task) => String(task.input["prompt"]));
  expect(new Set(prompts).size).toBe(prompts.length);
  for (const prompt of prompts) expect(sent.has(prompt)).toBe(true);
  expect((await books.bill()).tasks).toBe(tasks.length);
  // Every video that was made is its own job's, and was paid for; a job without a task was never sent.
  const made = tasks.filter((task) => task.status === "completed").length;
  expect(jobs.filter((job) => job.status === "completed")).toHaveLength(made);
  const ends = new Map(jobs.map((job) => [job.id, job.outcome]));
  const taskEnds = new Map(tasks.map((task) => [task.input["prompt"], task.status]));
  for (const [prompt, id] of sent) {
    if (id !== null) expect(ends.get(id), `job ${id}, ${prompt}`).toBe(taskEnds.get(prompt) ?? "never_sent");
  }
}

test(`SIGKILL at random moments under load, ${KILLS} times in a row on one state: every job ends once, all books agree`, async () => {
  const seed = Number(process.env["WAVEGATE_SEED"] ?? Date.now() % 1_000_000);
  console.log(`WAVEGATE_SEED=${seed}`);
  const dice = new Dice(seed);
  gateway = await startGateway({ env: ENV });
  const { stateDir, ports } = gateway;
  const { books, key } = await Books.open(gateway.info, "100000");

  let leftOpen = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    await submitAndKill(gateway, key, dice);
    gateway = await startGateway({ stateDir, ports, env: ENV });
    const audit = await books.audit();
    expect(audit).toMatchObject({ consistent: true, differences: [] });
    leftOpen += audit.open_holds;
  }
  expect(leftOpen, "jobs that the kills left open").toBeGreaterThan(KILLS);

  await books.expectAgreement(120_000);
  const jobs = await books.jobs();
  expectEndedOnce(jobs);
  await expectOneTaskPerJob(books, jobs);
  expect(replies().filter((id) => id.startsWith("refused"))).toEqual([]);
  expect(await books.budget()).toMatchObject({ limit: "100000.000000", held: "0.000000" });
  console.log(`${sent.size} submits, ${lost()} replies lost, ${jobs.length} jobs, ${KILLS} kills`);
}, 600_000);
