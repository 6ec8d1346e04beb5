import type { Context } from "hono";
import { deskOf } from "../webhooks/desk-of.ts";
import type { GatewayEnv } from "./gateway-env.ts";
import { succeed } from "./reply.ts";

/** GET /api/v3/webhook/secret: with what the tenant's webhooks are signed. Made when it is first asked for. */
export async function webhookSecret(c: Context<GatewayEnv>): Promise<Response> {
  const { tenant } = c.get("caller");
  const { secret } = await deskOf(c.env, tenant).secret(tenant);
  c.header("cache-control", "no-store");
  return succeed(c, { secret });
}
