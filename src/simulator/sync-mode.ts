import type { Context } from "hono";
import type { SimulatorApp } from "./app-env.ts";
import { outputOf } from "./output.ts";
import { freshPrediction, type Prediction, predictionOf, type Snapshot } from "./prediction.ts";
import { publicBaseOf } from "./public-base.ts";

const TIMED_OUT = 5004;
/** The account's clock may be moved while a caller waits. */
const LOOK_EVERY_MS = 500;

/** Waits for the task's end; past the limit, WaveSpeed's "still processing" prediction with code 5004. */
export async function finalPrediction(c: Context<SimulatorApp>, first: Snapshot, limitMs: number): Promise<Prediction> {
  const base = publicBaseOf(c.req.raw);
  const until = Date.now() + limitMs;
  let latest = first;
  while (latest.now < latest.task.ends_at && Date.now() < until) {
    const wait = Math.min(latest.task.ends_at - latest.now, until - Date.now(), LOOK_EVERY_MS);
    await scheduler.wait(Math.max(1, wait));
    latest = (await c.get("stub").peek(latest.task.id, true)) ?? latest;
  }
  if (latest.now >= latest.task.ends_at) return predictionOf(latest, base, outputOf(latest.task));
  return {
    ...freshPrediction(latest, base),
    status: "processing",
    code: TIMED_OUT,
    error: `Sync mode timed out after ${Math.round(limitMs / 1000)} seconds. Please poll the result.`,
  };
}
