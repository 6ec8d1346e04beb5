import { z } from "@hono/zod-openapi";

/** Origins that one tenant lists. */
export const ORIGINS_MAX = 20;

const ORIGIN_CHARS_MAX = 255;

/**
 * An origin exactly as a browser sends it: scheme, host, and a port that is not the scheme's own. No `*`, no
 * `null`: any page in the world would be able to use a key that leaked into it. http only for a loopback host.
 */
function isOrigin(text: string): boolean {
  const url = URL.parse(text);
  if (!url || url.origin !== text || text.includes("*")) return false;
  return url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname));
}

const isLoopback = (host: string): boolean =>
  host === "[::1]" || /^127(\.\d+){3}$/.test(host) || /^([a-z0-9-]+\.)*localhost$/.test(host);

export const OriginsField = z
  .array(
    z
      .string()
      .max(ORIGIN_CHARS_MAX)
      .refine(
        isOrigin,
        "must be an origin as browsers send it, https://host or https://host:port, no path and no *; http only for localhost",
      ),
  )
  .max(ORIGINS_MAX)
  .refine((origins) => new Set(origins).size === origins.length, "must name each origin once")
  .openapi({ example: ["https://app.example.com"] });
