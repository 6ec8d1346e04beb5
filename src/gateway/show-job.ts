import type { Context } from "hono";
import type { Refusal } from "../errors/catalogue.ts";
import type { JobView } from "../jobs/types.ts";
import { replyBase64 } from "./base64-reply.ts";
import type { GatewayEnv } from "./gateway-env.ts";
import { openOutputs } from "./open-outputs.ts";
import type { Prediction } from "../jobs/prediction-view.ts";
import { refuse, succeed } from "./reply.ts";

/**
 * Answers with a job: its outputs as addresses, or as base64 where it was made so and has completed. `otherwise`: what
 * is answered if these cannot be had.
 */
export async function showJob(
  c: Context<GatewayEnv>,
  view: JobView,
  shown: Prediction,
  otherwise: (refusal: Refusal) => Response = (refusal) => refuse(c, refusal),
): Promise<Response> {
  const hasOutputs = view.state === "completed" && (view.result?.outputs.length ?? 0) > 0;
  if (!view.base64Output || !hasOutputs) return succeed(c, shown);
  const outputs = await openOutputs(c, view);
  if (outputs.ok) return replyBase64(c, shown, outputs.value);
  // The refusal is no version of the job.
  c.header("etag", undefined);
  return otherwise(outputs.error);
}
