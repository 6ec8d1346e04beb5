import type { Env } from "../config.ts";
import type { Caller } from "../ledger/types.ts";

/** The Hono context of the tenant API. `caller` is set by the access guards. */
export interface GatewayEnv {
  Bindings: Env;
  Variables: { caller: Caller & { tenant: string } };
}
