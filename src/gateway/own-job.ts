import type { Context } from "hono";
import type { Refusal } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import { trackerOf } from "../jobs/tracker-of.ts";
import type { JobTrackerApi, JobView } from "../jobs/types.ts";
import { parseJobId } from "../keys/job-id.ts";
import type { GatewayEnv } from "./gateway-env.ts";

export interface OwnJob {
  tracker: JobTrackerApi;
  view: JobView;
}

/**
 * A job of the caller's tenant, in the key's mode: a sandbox key has no say over jobs that cost money, nor sees them.
 * Another's answers exactly like one that does not exist.
 */
export async function ownJob(c: Context<GatewayEnv>, jobId: string): Promise<Result<OwnJob, Refusal>> {
  const address = parseJobId(jobId);
  const { tenant, mode } = c.get("caller");
  if (!address || address.tenant !== tenant) return err(NOT_FOUND);
  const tracker = trackerOf(c.env, address);
  const view = await tracker.view(jobId);
  return view && (view.mode ?? mode) === mode ? ok({ tracker, view }) : err(NOT_FOUND);
}

const NOT_FOUND: Refusal = { code: "job_not_found", message: "Prediction not found" };
