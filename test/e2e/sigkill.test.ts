import { afterAll, expect, test } from "vitest";
import { startGateway, type StartedGateway } from "../support/started-gateway.ts";
import { Books, type Job } from "./books.ts";

const MODEL = "kwaivgi/kling-v2.1-i2v-standard";
const SUBMITTERS = 6;

/** What befalls the jobs, in turn; each prompt is used once, so that a task tells which submit made it. */
const FATES = [
  "",
  "[[sim: delay=2s]]",
  "[[sim: fail]]",
  "[[sim: drop=after]]",
  "[[sim: http=429, retry_after=1, times=1]]",
  "[[sim: slow_after=1s]]",
  "[[sim: drop=after, webhook.send=none]]",
  "[[sim: slow=1s, webhook.send=none]]",
  "[[sim: drop=before]]",
];

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
async function submitUntilKilled(url: string, key: string): Promise<void> {
  for (;;) {
    const n = sent.size;
    const prompt = `clip ${n} ${FATES[n % FATES.length]}`;
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

/** Kills once so many more submits were answered: jobs of every fate are then in flight. */
async function submitAndKill(running: StartedGateway, key: string, answers: number): Promise<void> {
  const enough = replies().length + answers;
  const submitters = Array.from({ length: SUBMITTERS }, () => submitUntilKilled(running.info.gateway, key));
  await expect.poll(() => replies().length, { timeout: 30_000, interval: 5 }).toBeGreaterThanOrEqual(enough);
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

test("SIGKILL with jobs in flight, twice on one state: every job ends once and all books agree", async () => {
  gateway = await startGateway({ env: ENV });
  const { stateDir, ports } = gateway;
  const { books, key } = await Books.open(gateway.info, "1000");

  for (const answers of [40, 70]) {
    await submitAndKill(gateway, key, answers);
    gateway = await startGateway({ stateDir, ports, env: ENV });
    expect((await books.audit()).open_holds, "jobs that the kill left open").toBeGreaterThan(0);

    await books.expectAgreement(60_000);
    const jobs = await books.jobs();
    expectEndedOnce(jobs);
    await expectOneTaskPerJob(books, jobs);
    expect(replies().filter((id) => id.startsWith("refused"))).toEqual([]);
    expect(await books.budget()).toMatchObject({ limit: "1000.000000", held: "0.000000" });
  }
});
