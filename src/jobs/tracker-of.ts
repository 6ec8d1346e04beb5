import type { Env } from "../config.ts";
import { trackerName, type JobAddress } from "../keys/job-id.ts";
import type { JobTrackerApi } from "./types.ts";

/** The tracker that follows a tenant's jobs of one shard. */
export const trackerOf = (env: Pick<Env, "JOB_TRACKER">, address: JobAddress): JobTrackerApi =>
  env.JOB_TRACKER.get(env.JOB_TRACKER.idFromName(trackerName(address))) as unknown as JobTrackerApi;
