import { randomUUID } from "node:crypto";
import { expect } from "vitest";
import type { Job } from "../../../../src/jobs/job.ts";
import { armFailPoint, type FailPoint } from "../../../../src/observability/fail-point.ts";
import { accountObjectOf } from "../../../../src/accounts/account-of.ts";
import { testEnv } from "../../../support/test-env.ts";
import * as w from "../world.ts";
import { takenBy } from "./trace.ts";

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

export interface Submitted {
  world: w.World;
  id: string;
  text: string;
}

export type Money = "held" | "captured" | "released";

/** How a row of the table comes about between real objects. */
export interface Scenario {
  given: () => Promise<Submitted>;
  /** What brings the event. */
  when: (job: Submitted) => Promise<unknown>;
  /** The job right before and right after the event, as its tracker has it; without a settlement unless it says so. */
  before: Partial<Job> & { state: Job["state"] };
  after: Partial<Job> & { state: Job["state"] };
  /** The hold before it, and after what follows from it. */
  money: [Money, Money];
}

/** A job with a tenant of its own. `faults`: what befalls its POST and its task. */
export async function submitted(faults: string): Promise<Submitted> {
  const world = await w.newWorld();
  const text = w.prompt(faults);
  return { world, text, id: await w.submit(world, text) };
}

/** Not taken at first, so it is queued; `faults` befall the next POST. */
export async function queuedJob(faults: string): Promise<Submitted> {
  const mark = `q${randomUUID()}`;
  const world = await w.newWorld();
  const text = `${mark} ${w.prompt(faults)}`;
  await w.simulator("POST", "/control/faults", { match: { prompt_contains: mark }, fault: { http: 429 }, times: 1 });
  return { world, text, id: await w.submit(world, text) };
}

/** Stopped at a place, as a crash would; the job is left as it was then. */
export async function stoppedAt(name: FailPoint, work: () => Promise<Submitted>): Promise<Submitted> {
  armFailPoint(name, () => {
    throw new Error(`test: died ${name}`);
  });
  try {
    return await work();
  } finally {
    armFailPoint(name, null);
  }
}

/** Its POST was answered, and nobody heard it: in nobody's hands. */
export const submittingJob = (): Promise<Submitted> => stoppedAt("after_post", () => submitted("delay=1h"));

export const account = () => accountObjectOf(testEnv, { mode: "live", tenant: "", name: null });

export const claim = async (upstreamId: string, jobId: string) =>
  (await account().claim([{ upstreamId, jobId, sentWith: null }]))[0];

/** WaveSpeed's next answer of a kind is that it is not there. */
export const away = (operation: "list" | "billings"): Promise<unknown> =>
  w.simulator("POST", "/control/faults", { match: { operation }, fault: { http: 503 }, times: 1 });

/** WaveSpeed forgets all of the account: tasks, list and bill. */
export const forgotten = (): Promise<unknown> => w.simulator("POST", "/control/reset");

/** A task that none of our jobs made. */
export async function strayTask(faults: string): Promise<string> {
  return (await w.simulator<{ id: string }>("POST", `/api/v3/${w.T2V}`, { prompt: w.prompt(faults) })).id;
}

/** The task has ended, and who pays is not known yet: the bill could not be read. */
export async function unpricedJob(faults: string): Promise<Submitted> {
  const job = await submitted(`delay=0s, ${faults}`);
  await billless(() => w.ring(job.id), job);
  return job;
}

/** Does something that makes a tracker ask for the bill at once, while that cannot be read. */
export async function billless(work: () => Promise<unknown>, { id }: Submitted): Promise<void> {
  await away("billings");
  await work();
  await takenBy(id, "cancelled/billed:unreachable");
}

/** Two walks saw nothing, so it was given back as never sent. */
export async function neverSentJob(): Promise<Submitted> {
  const job = await submitted("http=500");
  await w.nextWalk(job.id);
  await w.nextWalk(job.id);
  expect(await w.rowOf(job.id)).toMatchObject({ outcome: "never_sent", settlement: null });
  return job;
}

/** WaveSpeed was away on its eighth day; what its task does after that, `faults` say. */
export async function expiredJob(faults: string): Promise<Submitted> {
  const job = await submitted(faults);
  await w.age(job.id, "created_at", 8 * DAY + HOUR);
  expect(await w.ring(job.id)).toMatchObject({ state: "expired", settlement: null });
  return job;
}
