import type { Context, MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import { listsOrigin, loadSettings } from "../settings/index.ts";
import { tenantOfKey } from "./access.ts";
import type { GatewayEnv } from "./gateway-env.ts";

/** How long a browser remembers a preflight. A page that is taken off a list reads no answers meanwhile. */
const PREFLIGHT_SECONDS = 600;

/** What a page may read beside the body: all that this API says in headers. */
const EXPOSED = [
  "allow",
  "etag",
  "idempotency-replayed",
  "ratelimit",
  "ratelimit-policy",
  "retry-after",
  "x-wavegate-expected-start",
  "x-wavegate-job-cost",
  "x-wavegate-key-expires",
  "x-wavegate-queue-position",
];

/** Without credentials: a key is sent by the page itself, never by its browser. */
const allowed = cors({
  origin: (origin) => origin,
  allowMethods: ["GET", "HEAD", "POST", "PUT", "DELETE"],
  exposeHeaders: EXPOSED,
  maxAge: PREFLIGHT_SECONDS,
});

/**
 * CORS: off, but for the web origins that tenants list. A preflight bears no key, so it is answered where any
 * tenant lists its origin; the answer to the call itself, refusals too, is for a page that the key's own tenant
 * lists. This guards no secret: without a key nothing is told to anybody.
 */
export const browserAccess: MiddlewareHandler<GatewayEnv> = async (c, next) => {
  const origin = c.req.header("origin");
  if (origin !== undefined && (await isListed(c, origin))) return allowed(c, next);
  // Also where it is off: a cache must not give this answer to a page that is listed.
  c.header("vary", "Origin");
  await next();
  // What was answered as it came from elsewhere knows nothing of what was said before.
  if (!c.res.headers.has("vary")) c.header("vary", "Origin");
  return undefined;
};

async function isListed(c: Context<GatewayEnv>, origin: string): Promise<boolean> {
  const now = Date.now();
  const settings = await loadSettings(c.env.CONTROL, now);
  if (!settings.ok || !settings.value.allowedOrigins.has(origin)) return false;
  // Files of the sandbox are fetched without a key, as preflights are.
  if (c.req.method === "OPTIONS" || !c.req.path.startsWith("/api/")) return true;
  const tenant = tenantOfKey(c);
  return tenant !== null && (await listsOrigin(c.env.CONTROL, tenant, origin, now));
}
