import { runDurableObjectAlarm } from "cloudflare:test";
import { parseJobId, trackerName } from "../../../src/keys/job-id.ts";
import { testEnv } from "../../support/test-env.ts";
import * as w from "./world.ts";

export async function ended(world: w.World, faults = "delay=0s"): Promise<string> {
  const id = await w.submit(world, w.prompt(faults));
  await w.finish(id);
  return id;
}

export async function ringTracker(jobId: string): Promise<void> {
  const address = parseJobId(jobId);
  if (!address) throw new Error(`${jobId} is no job id`);
  await runDurableObjectAlarm(testEnv.JOB_TRACKER.get(testEnv.JOB_TRACKER.idFromName(trackerName(address))));
}

export const markOf = (jobId: string): Promise<{ at: number; job_id: string }> =>
  w.inTracker(jobId, (sql) => sql.exec<{ at: number; job_id: string }>("SELECT at, job_id FROM compared").one());

/** The hours pass until these jobs, all of one tracker, are due. Answers the time that they then have. */
export async function makeDue(...ids: string[]): Promise<number> {
  const at = (await markOf(ids[0] ?? "")).at + 1;
  for (const id of ids) {
    await w.inTracker(id, (sql) =>
      sql.exec("UPDATE jobs SET reconcile_at = ? WHERE id = ? AND reconcile_at IS NOT NULL", at, id),
    );
  }
  return at;
}

/** As `makeDue`, and they are compared with the bill. */
export async function compare(...ids: string[]): Promise<number> {
  const at = await makeDue(...ids);
  await ringTracker(ids[0] ?? "");
  return at;
}

/** When the job's timeline says that it was compared; null: it does not. */
export async function comparedAt(id: string): Promise<number | null> {
  const timeline = await w.tracker(id).timeline(id);
  return timeline?.events.find(({ event }) => event === "reconciled")?.at ?? null;
}

export const alertsOf = async (id: string): Promise<string[]> => {
  const found = testEnv.CONTROL.prepare("SELECT message FROM alerts WHERE kind = 'bill_differs' AND subject = ?");
  return (await found.bind(id).all()).results.map((row) => String(row["message"]));
};
