import type { Context } from "hono";
import { tenantApi } from "../../api-path.ts";
import type { ConsoleEnv } from "../../console-env.ts";
import { may } from "../../may.ts";
import { tenantPath } from "../../navigation.ts";

/** The log that a page is about: a tenant's, or the gateway's. */
export interface Chain {
  path: string;
  api: string;
  /** Of a file with it. */
  name: string;
  /** Whether its reader may say how long it is kept. */
  mayKeep: boolean;
}

export function chainOf(c: Context<ConsoleEnv>): Chain {
  const tenant = c.req.param("tenant");
  if (tenant === undefined) {
    return { path: "/console/audit-log", api: "/v1/audit-log", name: "gateway", mayKeep: true };
  }
  const path = tenantPath(encodeURIComponent(tenant), "audit-log");
  return { path, api: tenantApi(tenant, "audit-log"), name: tenant, mayKeep: may(c, tenant, "own") };
}
