import type { Context } from "hono";
import { SANDBOX_PREFIX } from "../upstream/account-of.ts";
import type { GatewayEnv } from "./gateway-env.ts";

/**
 * /sandbox/media/...: the simulator's outputs and uploads, for sandbox jobs. The simulator has no
 * route of its own; of it, only this prefix is public, and it holds nothing but media.
 */
export async function sandboxMedia(c: Context<GatewayEnv>): Promise<Response> {
  const url = new URL(c.req.url);
  const path = url.pathname.slice(SANDBOX_PREFIX.length);
  return c.env.SIMULATOR.fetch(new Request(`https://simulator.invalid${path}${url.search}`, c.req.raw));
}
