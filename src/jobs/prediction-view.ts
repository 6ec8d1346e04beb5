import type { JobState } from "./job.ts";
import type { JobView } from "./types.ts";
import { SANDBOX_ORIGIN } from "../accounts/account-of.ts";

/** A prediction as WaveSpeed's clients expect it, in the types that the strictest of them insists on. */
export interface Prediction {
  id: string;
  model: string;
  outputs: unknown[];
  urls: { get: string };
  has_nsfw_contents: boolean[];
  status: string;
  created_at: string;
  error: string;
  executionTime: number;
  timings: Record<string, number>;
  code: number;
}

/** WaveSpeed's word for each of our states. What the gateway does not know yet is `created`. */
const STATUS: Readonly<Record<JobState, string>> = {
  queued: "created",
  submitting: "created",
  unknown: "created",
  running: "processing",
  completed: "completed",
  failed: "failed",
  cancelled: "cancelled",
  expired: "timeout",
  void: "failed",
};

/** `requestUrl`: what the client called; its origin goes into the URLs that point at the gateway. */
export function predictionView(view: JobView, requestUrl: string): Prediction {
  // As `new URL(requestUrl).origin` has it: a request's own URL is in its normal form, and this is on every read's way.
  const [origin = ""] = /^[a-z]+:\/\/[^/?#]*/.exec(requestUrl) ?? [];
  const { result } = view;
  const first = view.state === "running" && view.upstreamStatus === "created";
  return {
    id: view.id,
    model: view.model,
    outputs: (result?.outputs ?? []).map((output) => ownOrigin(output, origin)),
    urls: { get: `${origin}/api/v3/predictions/${view.id}/result` },
    has_nsfw_contents: (result?.hasNsfwContents ?? []).map((flag) => flag === true),
    status: first ? "created" : STATUS[view.state],
    created_at: new Date(view.createdAt).toISOString(),
    error: result?.error ?? "",
    executionTime: result?.executionTime ?? 0,
    timings: { inference: 0, ...result?.timings },
    code: result?.code ?? 0,
  };
}

const ownOrigin = (output: unknown, origin: string): unknown =>
  typeof output === "string" ? output.replace(SANDBOX_ORIGIN, origin) : output;
