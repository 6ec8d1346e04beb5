import type { Context } from "hono";
import { digest } from "./account.ts";
import type { SimulatorApp } from "./app-env.ts";
import { directiveIn } from "./directive.ts";
import { failure, success } from "./envelope.ts";
import { jsonBody } from "./json-body.ts";
import { freshPrediction, type Prediction } from "./prediction.ts";
import { publicBaseOf } from "./public-base.ts";
import { readSubmit } from "./read-submit.ts";
import { strike } from "./reply-fault.ts";
import type { SubmitOutcome, SubmitRequest } from "./simulated-account.ts";
import { finalPrediction } from "./sync-mode.ts";

const NO_REFUSAL = { status: 500, code: 500, message: "" };

/** POST /api/v3/{model-id}: creates a task, or goes wrong as scripted. */
export async function submitTask(c: Context<SimulatorApp>, modelId: string): Promise<Response> {
  const body = await jsonBody(c.req.raw);
  if (!body.ok) return body.error;
  const webhookUrl = c.req.query("webhook") ?? "";
  if (webhookUrl !== "" && body.value["enable_base64_output"] === true) return refuseBase64Webhook();
  const prompt = typeof body.value["prompt"] === "string" ? body.value["prompt"] : "";
  const script = directiveIn(prompt);
  if (!script.ok) return failure(400, script.error, 1401);
  const order = readSubmit(modelId, body.value, {
    account: c.get("account"),
    publicBase: publicBaseOf(c.req.raw),
    webhookUrl,
  });
  const request: SubmitRequest = {
    model: modelId,
    prompt,
    promptHash: await digest(`${modelId}\n${prompt}`),
    script: script.value ?? {},
    order: order.ok ? order.value : null,
    refusal: order.ok ? NO_REFUSAL : order.error,
  };
  // A caller that gives up does not take the task with it.
  const submitted = c.get("stub").submit(request);
  c.executionCtx.waitUntil(submitted.then(() => undefined));
  return answer(c, await submitted, body.value["enable_sync_mode"] === true);
}

async function answer(c: Context<SimulatorApp>, outcome: SubmitOutcome, sync: boolean): Promise<Response> {
  if (outcome.kind === "refused") {
    return failure(outcome.refusal.status, outcome.refusal.message, outcome.refusal.code);
  }
  if (outcome.kind === "struck") return strike(outcome.fault, c.req.raw, async () => success(null));
  const { fault, snapshot, syncLimitMs } = outcome;
  if (fault?.slow_after !== undefined) await scheduler.wait(fault.slow_after);
  return strike(fault, c.req.raw, async () => {
    const prediction: Partial<Prediction> = sync
      ? await finalPrediction(c, snapshot, syncLimitMs)
      : freshPrediction(snapshot, publicBaseOf(c.req.raw));
    if (fault?.status !== undefined) prediction.status = fault.status;
    if (fault?.no_id === true) delete prediction.id;
    return success(prediction);
  });
}

/** The one refusal that WaveSpeed documents without an envelope. */
const refuseBase64Webhook = (): Response =>
  Response.json(
    {
      error: "webhook callback does not support base64 output, please use the normal API to use base64 output",
    },
    { status: 400 },
  );
