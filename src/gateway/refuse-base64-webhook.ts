import type { Context } from "hono";

const MESSAGE = "webhook callback does not support base64 output, please use the normal API to use base64 output";

/** Why a submit with both a webhook and base64 output is refused: in WaveSpeed's own words, its one `error` that is a text. */
export function refuseBase64Webhook(c: Context, body: Record<string, unknown>): Response | null {
  if (body["enable_base64_output"] !== true || !new URL(c.req.url).searchParams.get("webhook")) return null;
  return c.json({ code: 400, message: MESSAGE, error: MESSAGE }, 400);
}
