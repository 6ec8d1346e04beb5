import type { Env } from "../config.ts";
import type { ApiKey, Caller } from "../ledger/types.ts";

/** The Hono context of the tenant API, as the access guards set it: `key` only where `keyFor` guards. */
export interface GatewayEnv {
  Bindings: Env;
  Variables: { caller: Caller & { tenant: string }; key: ApiKey };
}
