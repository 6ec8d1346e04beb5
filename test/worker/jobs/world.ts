import { randomBytes } from "node:crypto";
import { abortAllDurableObjects, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { exports } from "cloudflare:workers";
import { expect } from "vitest";
import { parseConfig } from "../../../src/config.ts";
import { ENDED, type Job } from "../../../src/jobs/job.ts";
import { findJob } from "../../../src/jobs/job-store.ts";
import { trackerOf } from "../../../src/jobs/tracker-of.ts";
import type { JobTracker } from "../../../src/jobs/job-tracker.ts";
import type { JobTrackerApi, VerifiedHook } from "../../../src/jobs/types.ts";
import { parseJobId, trackerName } from "../../../src/keys/job-id.ts";
import { hashKey, mintKey, verifyKey } from "../../../src/keys/key.ts";
import { ledgerOf } from "../../../src/ledger/ledger-of.ts";
import { jobIdOf, type EntryBody } from "../../../src/ledger/journal-entry.ts";
import type { TenantLedgerApi } from "../../../src/ledger/types.ts";
import { newKeyInput } from "../../support/new-key.ts";
import { expectKeptAsStored, isKeptAsStored } from "../../support/kept-rows.ts";
import { testEnv } from "../../support/test-env.ts";

export const T2V = "kwaivgi/kling-v2.0-t2v-master";

/** Of 5 s of it, in micro-dollars. */
export const PRICE = 1_300_000;

export const hex = (bytes: number): string => randomBytes(bytes).toString("hex");

export interface World {
  tenant: string;
  key: string;
  keyHash: string;
  /** Looked up anew each time: a stub does not outlive a crash. */
  readonly ledger: TenantLedgerApi;
}

/** A tenant of its own with one live key and a budget that does not bind. */
export async function newWorld(): Promise<World> {
  const tenant = hex(6);
  const { secrets } = parseConfig(testEnv);
  const keyId = hex(8);
  const key = mintKey({ kind: "live", tenant, keyId, secrets, random: randomBytes(16) });
  const parsed = verifyKey(key, secrets);
  if (!parsed) throw new Error("the key does not verify");
  const world: World = {
    tenant,
    key,
    keyHash: hashKey(key, parsed, secrets),
    get ledger() {
      return ledgerOf(testEnv, tenant);
    },
  };
  const { ledger } = world;
  await ledger.provision({ tenant, name: "jobs", timeZone: "UTC" });
  await ledger.change("create_key", newKeyInput({ id: keyId, hash: hashKey(key, parsed, secrets) }));
  const limitMicros = 1_000_000_000;
  await ledger.change("put_budget", {
    id: "whole",
    mode: "live",
    scope: { kind: "tenant" },
    window: "total",
    limitMicros,
    timeZone: null,
  });
  return world;
}

const worker = exports as unknown as { default: { fetch: (request: Request) => Promise<Response> } };

export const gateway = (path: string, init: RequestInit = {}): Promise<Response> =>
  worker.default.fetch(new Request(`http://gateway.test${path}`, init));

export const send = (world: World, input: Record<string, unknown>, model = T2V): Promise<Response> =>
  gateway(`/api/v3/${model}`, {
    method: "POST",
    headers: { authorization: `Bearer ${world.key}`, "content-type": "application/json" },
    body: JSON.stringify(input),
  });

/** Submits and gives the job's id, as the ledger knows it: also where the answer was an error. */
export async function submit(world: World, prompt: string): Promise<string> {
  const before = await holdsOf(world);
  const response = await send(world, { prompt });
  await response.body?.cancel();
  const added = (await holdsOf(world)).filter((id) => !before.includes(id));
  expect(added).toHaveLength(1);
  return added[0] ?? "";
}

async function holdsOf(world: World): Promise<string[]> {
  const { entries } = await world.ledger.entries(0, 500);
  return entries.flatMap(({ body }) => (body.kind === "hold" ? [body.job.jobId] : []));
}

/** What the ledger wrote of a job, in order. */
export async function entriesOf(world: World, jobId: string): Promise<EntryBody[]> {
  const { entries } = await world.ledger.entries(0, 500);
  return entries.map(({ body }) => body).filter((body) => jobIdOf(body) === jobId);
}

/** The entries that move money. */
export const moneyOf = async (world: World, jobId: string): Promise<string[]> =>
  (await entriesOf(world, jobId))
    .map(({ kind }) => kind)
    .filter((kind) => ["hold", "capture", "release"].includes(kind));

export async function balance(world: World): Promise<{ captured: number; held: number }> {
  const [budget] = await world.ledger.budgets();
  return { captured: budget?.capturedMicros ?? -1, held: budget?.heldMicros ?? -1 };
}

const addressOf = (jobId: string) => {
  const address = parseJobId(jobId);
  if (!address) throw new Error(`${jobId} is no job id`);
  return address;
};

export const tracker = (jobId: string): JobTrackerApi => trackerOf(testEnv, addressOf(jobId));

const stubOf = (jobId: string): DurableObjectStub =>
  testEnv.JOB_TRACKER.get(testEnv.JOB_TRACKER.idFromName(trackerName(addressOf(jobId))));

export const inTracker = <T>(jobId: string, look: (sql: SqlStorage, state: DurableObjectState) => T): Promise<T> =>
  runInDurableObject(stubOf(jobId), async (object, state) => {
    const { rows } = object as JobTracker;
    const { sql } = state.storage;
    expectKeptAsStored(rows, sql);
    try {
      return await look(sql, state);
    } finally {
      // What a test has changed in the table the tracker does not know; what it has not, stays to be compared.
      if (!isKeptAsStored(rows, sql)) rows.reread();
    }
  });

export async function rowOf(jobId: string): Promise<Job> {
  const job = await inTracker(jobId, (sql) => findJob(sql, jobId));
  if (!job) throw new Error(`${jobId} has no row`);
  return job;
}

/** Every object dies at once, whatever it was doing; what it stored stays. */
export const crash = (): Promise<void> => abortAllDurableObjects();

/** Moves a time of the row back, as if that long had passed since. */
export const age = (
  jobId: string,
  column: "created_at" | "sent_at" | "walked_at" | "odd_since" | "input_until",
  ms: number,
): Promise<void> =>
  inTracker(jobId, (sql) => {
    sql.exec(`UPDATE jobs SET ${column} = ${column} - ? WHERE id = ?`, ms, jobId);
  });

/** Makes the job due and fires its tracker's alarm, then waits until no POST of it is on its way. */
export async function ring(jobId: string): Promise<Job> {
  await inTracker(jobId, (sql) =>
    sql.exec("UPDATE jobs SET next_at = next_at % 1000 + 1 WHERE id = ? AND next_at IS NOT NULL", jobId),
  );
  await runDurableObjectAlarm(stubOf(jobId));
  for (let tries = 0; tries < 40; tries++) {
    const job = await rowOf(jobId);
    if (job.state !== "submitting" || (job.nextAt ?? 0) <= 1_000) return job;
    await scheduler.wait(50);
  }
  return rowOf(jobId);
}

const HOUR = 3_600_000;
const SEND_LIMIT_MS = 3_000;

/** Lets the time pass that an unknown job waits between two walks of the list, and fires the alarm. */
export async function nextWalk(jobId: string): Promise<Job> {
  const { sentAt } = await rowOf(jobId);
  if (sentAt !== null && Date.now() - sentAt < SEND_LIMIT_MS) await age(jobId, "sent_at", SEND_LIMIT_MS);
  await age(jobId, "walked_at", HOUR);
  return ring(jobId);
}

/** Carries a job to its end by alarms alone. */
export async function finish(jobId: string): Promise<Job> {
  for (let rings = 0; rings < 12; rings++) {
    const job = await rowOf(jobId);
    if (ENDED.has(job.state) && job.nextAt === null) return job;
    await (job.state === "unknown" ? nextWalk(jobId) : ring(jobId));
  }
  return rowOf(jobId);
}

/** Lets the time pass after which the ledger asks about a hold, and fires the ledger's alarm. */
export async function ledgerAlarm(tenant: string): Promise<void> {
  const stub = testEnv.TENANT_LEDGER.get(testEnv.TENANT_LEDGER.idFromName(tenant));
  await runInDurableObject(stub, (_object, state) => {
    state.storage.sql.exec("UPDATE open_holds SET admitted_at = admitted_at - 3600001");
  });
  await runDurableObjectAlarm(stub);
}

/** Calls the simulator as the gateway's own account. */
export async function simulator<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`http://wavespeed.test${path}`, {
    method,
    headers: { authorization: "Bearer sim_test", "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const envelope = await response.json<{ code: number; message: string; data: T }>();
  if (envelope.code !== 200) throw new Error(`${path}: ${envelope.message}`);
  return envelope.data;
}

interface Listed {
  id: string;
  input: { prompt?: string };
}

/** The tasks that WaveSpeed made of a prompt. */
export async function tasksOf(prompt: string): Promise<string[]> {
  const { items } = await simulator<{ items: Listed[] }>("POST", "/api/v3/predictions", { include_inputs: true });
  return items.filter((task) => task.input.prompt === prompt).map((task) => task.id);
}

/** POSTs that reached WaveSpeed so far, whatever became of them. */
export async function postsSoFar(): Promise<number> {
  const { counters } = await simulator<{ counters: Record<string, number> }>("GET", "/control/stats?limit=1");
  return counters["submits"] ?? 0;
}

export async function pollsOf(upstreamId: string | null): Promise<number> {
  const { polls } = await simulator<{ polls: { prediction_id: string; polls: number }[] }>("GET", "/control/stats");
  return polls.find((count) => count.prediction_id === upstreamId)?.polls ?? 0;
}

/** A webhook that names a task, as it is after its signature was verified. */
export const hook = (upstreamId: string): VerifiedHook => ({ upstreamId, signature: hex(32) });

/** A prompt of its own, with what is to befall it. */
export const prompt = (faults = ""): string => `a fox ${hex(6)}${faults === "" ? "" : ` [[sim: ${faults}]]`}`;
