import type { Context } from "hono";
import type { Refusal } from "../errors/catalogue.ts";
import { log } from "../observability/log.ts";
import { accountOf, SANDBOX_ORIGIN } from "../accounts/account-of.ts";
import { boundedText } from "../upstream/bounded-text.ts";
import type { GatewayEnv } from "./gateway-env.ts";
import { BODY_BYTES_MAX } from "./read-body.ts";
import { refuse } from "./reply.ts";

const UPLOAD_MS_MAX = 120_000;
const ANSWER_BYTES_MAX = 64 * 1024;

/** Statuses that say something of the file, and may be shown; all others are the operator's affair. */
const SHOWN = new Set([200, 400, 413, 415, 422, 429]);

/**
 * POST /api/v3/media/uploads and /media/upload/binary: passed on with the operator's key. A ticket's
 * signed address goes to the client untouched, so the bytes do not pass the gateway.
 */
export async function upload(c: Context<GatewayEnv>, path: string): Promise<Response> {
  const { tenant, mode } = c.get("caller");
  const { link } = accountOf(c.env, { mode, tenant, name: null });
  const length = c.req.header("content-length");
  // The body is passed on as a stream, so its size must be said before.
  if (length === undefined || !/^\d+$/.test(length) || Number(length) > BODY_BYTES_MAX) return refuse(c, TOO_LARGE);
  try {
    const response = await link.fetch(
      new Request(`${link.baseUrl}/api/v3/${path}`, {
        method: "POST",
        body: c.req.raw.body,
        headers: {
          ...link.headers,
          authorization: `Bearer ${link.apiKey}`,
          "content-type": c.req.header("content-type") ?? "application/json",
        },
        redirect: "manual",
        signal: AbortSignal.timeout(UPLOAD_MS_MAX),
      }),
    );
    const text = await boundedText(response, ANSWER_BYTES_MAX);
    if (SHOWN.has(response.status)) return shown(c, response.status, text);
    log.error("upstream refused an upload", { tenant, status: response.status });
  } catch (error) {
    log.error("upload failed", { tenant, error });
  }
  return refuse(c, {
    code: "upstream_unavailable",
    message: "the upload could not be passed on",
    retryAfterSeconds: 5,
  });
}

const TOO_LARGE: Refusal = {
  code: "body_too_large",
  message: `content-length: must be given, and ${BODY_BYTES_MAX} bytes at most; larger files go by a ticket of /media/uploads`,
};

const shown = (c: Context<GatewayEnv>, status: number, text: string): Response =>
  new Response(text.replaceAll(SANDBOX_ORIGIN, new URL(c.req.url).origin), {
    status,
    headers: { "content-type": "application/json" },
  });
