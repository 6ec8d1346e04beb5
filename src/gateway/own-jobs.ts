import type { Context } from "hono";
import { trackerOf } from "../jobs/tracker-of.ts";
import type { JobTrackerApi, JobView } from "../jobs/types.ts";
import { parseJobId } from "../keys/job-id.ts";
import type { GatewayEnv } from "./gateway-env.ts";

/** Some of the caller's jobs, and the tracker that follows them. */
export interface TrackedJobs {
  tracker: JobTrackerApi;
  ids: string[];
}

/** The trackers of these jobs, each with its own, as far as they are the caller's; others are passed over. */
export function ownJobs(c: Context<GatewayEnv>, ids: readonly string[]): TrackedJobs[] {
  const { tenant } = c.get("caller");
  const own = [...new Set(ids)].flatMap((id) => {
    const address = parseJobId(id);
    return address?.tenant === tenant ? [{ id, shard: address.shard }] : [];
  });
  return [...Map.groupBy(own, ({ shard }) => shard)].map(([shard, jobs]) => ({
    tracker: trackerOf(c.env, { tenant, shard }),
    ids: jobs.map(({ id }) => id),
  }));
}

/** How these jobs stand now, by id: one call for all of a shard. Those that their tenant may not see are not there. */
export async function ownViews(c: Context<GatewayEnv>, ids: readonly string[]): Promise<Map<string, JobView>> {
  const views = await Promise.all(ownJobs(c, ids).map(({ tracker, ids: shard }) => tracker.views(shard)));
  return new Map(views.flat().map((view) => [view.id, view]));
}
