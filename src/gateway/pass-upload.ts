import type { Context } from "hono";
import { accountOf, SANDBOX_ORIGIN } from "../accounts/account-of.ts";
import { log } from "../observability/log.ts";
import { boundedText } from "../upstream/bounded-text.ts";
import { parseEnvelope } from "../upstream/envelope.ts";
import type { GatewayEnv } from "./gateway-env.ts";
import { refuse, refuseAsUpstream } from "./reply.ts";

const UPLOAD_MS_MAX = 120_000;
const ANSWER_BYTES_MAX = 64 * 1024;

/** Statuses that say something of the file, and may be shown; all others are the operator's affair. */
const SHOWN = new Set([400, 413, 415, 422, 429]);

/** Passes an upload that was found good on with the operator's key, and WaveSpeed's answer back. */
export async function passUpload(c: Context<GatewayEnv>, path: string, body: FormData | object): Promise<Response> {
  const { tenant, mode } = c.get("caller");
  const { link } = accountOf(c.env, { mode, tenant, name: null });
  const isForm = body instanceof FormData;
  try {
    const response = await link.fetch(`${link.baseUrl}/api/v3/${path}`, {
      method: "POST",
      body: isForm ? body : JSON.stringify(body),
      // A form's type names its boundary, which is the runtime's to choose.
      headers: {
        ...link.headers,
        authorization: `Bearer ${link.apiKey}`,
        ...(isForm ? {} : { "content-type": "application/json" }),
      },
      redirect: "manual",
      signal: AbortSignal.timeout(UPLOAD_MS_MAX),
    });
    const text = await boundedText(response, ANSWER_BYTES_MAX);
    if (response.status === 200) return shown(c, text);
    const said = SHOWN.has(response.status) ? parseEnvelope(text) : null;
    if (said) {
      const retryAfter = response.headers.get("retry-after");
      return refuseAsUpstream(c, { status: response.status, code: said.code, message: said.message, retryAfter });
    }
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

const shown = (c: Context, text: string): Response =>
  new Response(text.replaceAll(SANDBOX_ORIGIN, new URL(c.req.url).origin), {
    headers: { "content-type": "application/json" },
  });
