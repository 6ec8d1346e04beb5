import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import type { AccountStatus, UpstreamAccountApi } from "../../../src/accounts/types.ts";
import { forgetSettings, removePause, writePause } from "../../../src/settings/index.ts";
import { testEnv } from "../../support/test-env.ts";
import * as jobs from "../jobs/world.ts";

export * from "../jobs/world.ts";

const KEYS = { live: "sim_small", other: "sim_other" } as const;
export type AccountName = keyof typeof KEYS;

const stubOf = (account: string): DurableObjectStub =>
  testEnv.UPSTREAM_ACCOUNT.get(testEnv.UPSTREAM_ACCOUNT.idFromName(account));

export const account = (name: AccountName): UpstreamAccountApi => stubOf(name) as unknown as UpstreamAccountApi;

export const statusOf = (name: AccountName): Promise<AccountStatus> => account(name).status(name);

export const inAccount = <T>(name: string, look: (state: DurableObjectState) => T): Promise<T> =>
  runInDurableObject(stubOf(name), (_object, state) => look(state));

export const ringAccount = (name: AccountName): Promise<boolean> => runDurableObjectAlarm(stubOf(name));

/** Calls the simulator as one of the two accounts. */
export async function upstream<T>(name: AccountName, method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`http://wavespeed.test${path}`, {
    method,
    headers: { authorization: `Bearer ${KEYS[name]}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const { data } = await response.json<{ data: T }>();
  return data;
}

export async function postsTo(name: AccountName): Promise<number> {
  const { counters } = await upstream<{ counters: Record<string, number> }>(name, "GET", "/control/stats?limit=1");
  return counters["submits"] ?? 0;
}

/** No new job is given to the account meanwhile. */
export async function pause(name: AccountName): Promise<void> {
  const pause = { id: name, kind: "account" as const, subject: name, reason: "test", actor: "test", createdAt: 1 };
  await writePause(testEnv.CONTROL, pause);
  forgetSettings(testEnv.CONTROL);
}

export async function unpause(name: AccountName): Promise<void> {
  await removePause(testEnv.CONTROL, name);
  forgetSettings(testEnv.CONTROL);
}

/** Waits until a job is as wanted: what an object tells another comes a moment later. */
export async function until(jobId: string, wanted: (job: Awaited<ReturnType<typeof jobs.rowOf>>) => boolean) {
  for (let tries = 0; tries < 100; tries++) {
    const job = await jobs.rowOf(jobId);
    if (wanted(job)) return job;
    await scheduler.wait(20);
  }
  return jobs.rowOf(jobId);
}

/** Ends a job whose task is done upstream, and lets its permit go back. */
export async function end(jobId: string): Promise<void> {
  await jobs.finish(jobId);
  await jobs.ring(jobId);
}

/** Waits until the account has all its permits back: trackers return them by an alarm. */
export async function free(name: AccountName): Promise<AccountStatus> {
  for (let tries = 0; tries < 150; tries++) {
    const status = await statusOf(name);
    if (status.inUse === 0 && status.waiting === 0) return status;
    await scheduler.wait(20);
  }
  return statusOf(name);
}
