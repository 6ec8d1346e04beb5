import type { Env } from "../config.ts";
import { idOf } from "../storage/object-id.ts";
import { trackerName, type JobAddress } from "../keys/job-id.ts";
import type { JobTrackerApi } from "./types.ts";

/** The tracker that follows a tenant's jobs of one shard. */
export const trackerOf = (env: Pick<Env, "JOB_TRACKER">, address: JobAddress): JobTrackerApi =>
  env.JOB_TRACKER.get(idOf(env.JOB_TRACKER, trackerName(address))) as unknown as JobTrackerApi;
