import type { Context } from "hono";
import { log } from "../observability/log.ts";
import { hideJobs } from "../reporting/index.ts";
import type { GatewayEnv } from "./gateway-env.ts";

/** Tells D1 that these jobs are not to be seen any more, after the answer. It saves the next list the asking; no more. */
export function noteDeleted(c: Context<GatewayEnv>, ids: readonly string[]): void {
  if (ids.length === 0) return;
  const { tenant } = c.get("caller");
  const noted = hideJobs(c.env.REPORT, tenant, ids, Date.now());
  c.executionCtx.waitUntil(
    noted.catch((error: unknown) => log.warn("deleted jobs were not noted in D1", { tenant, error })),
  );
}
