import type { Json } from "../catalog/index.ts";
import type { SubmitFault } from "./fault.ts";
import type { Aspect } from "./mp4/sample-video.ts";

/** One task as stored. Its whole course is fixed when it is created; reads only compare the clock. */
export type Task = {
  id: string;
  account: string;
  model: string;
  /** JSON of the inputs, long texts shortened. */
  input: string;
  seconds: number;
  aspect: Aspect;
  base64: number;
  price_usd: number;
  created_at: number;
  running_from: number;
  ends_at: number;
  end_status: string;
  error: string;
  code: number;
  nsfw: number;
  /** HTTP status of the output's URL, 0 when it serves the video. */
  media_status: number;
  vanished: number;
  /** JSON of the scripted poll faults, or empty. */
  poll_fault: string;
  polls: number;
  webhook_url: string;
  public_base: string;
};

/** An accepted submit, before it has an id and a time. */
export interface TaskOrder {
  account: string;
  model: string;
  prompt: string;
  input: Record<string, Json>;
  seconds: number;
  aspect: Aspect;
  priceUsd: number;
  base64: boolean;
  webhookUrl: string;
  publicBase: string;
}

/** A task reads `created` for this long at most, and for a quarter of its life at most. */
const CREATED_MS_MAX = 500;
const NSFW_CODE = 1200;
/** WaveSpeed returns the money of these by itself; of other ends its documentation does not say. */
const REFUNDED = new Set(["failed", "timeout"]);

export function planTask(order: TaskOrder, fault: SubmitFault, id: string, now: number, taskMs: number): Task {
  const lasts = fault.delay ?? taskMs;
  const outcome = outcomeOf(fault);
  return {
    id,
    account: order.account,
    model: order.model,
    input: JSON.stringify(order.input),
    seconds: order.seconds,
    aspect: order.aspect,
    base64: Number(order.base64),
    price_usd: order.priceUsd,
    created_at: now,
    running_from: now + Math.min(CREATED_MS_MAX, Math.floor(lasts / 4)),
    ends_at: now + lasts,
    end_status: outcome.status,
    error: outcome.error,
    code: outcome.code,
    nsfw: Number(fault.nsfw ?? false),
    media_status: fault.expired ?? 0,
    vanished: Number(fault.vanish ?? false),
    poll_fault: fault.poll === undefined ? "" : JSON.stringify(fault.poll),
    polls: 0,
    webhook_url: order.webhookUrl,
    public_base: order.publicBase,
  };
}

export function statusAt(task: Task, now: number): string {
  if (now >= task.ends_at) return task.end_status;
  return now < task.running_from ? "created" : "processing";
}

export const isRefunded = (task: Task, fault: SubmitFault): boolean => fault.refund ?? REFUNDED.has(task.end_status);

/** Documented for these two ends only. */
export const sendsWebhook = (task: Task): boolean =>
  task.webhook_url !== "" && task.vanished === 0 && (task.end_status === "completed" || task.end_status === "failed");

/** The prompt that it was made from. */
export function promptOf(task: Task): string {
  const input = JSON.parse(task.input) as { prompt?: unknown };
  return typeof input.prompt === "string" ? input.prompt : "";
}

interface Outcome {
  status: string;
  error: string;
  code: number;
}

function outcomeOf(fault: SubmitFault): Outcome {
  if (fault.moderated === true) {
    return {
      status: "failed",
      error: "Content was flagged as potentially sensitive",
      code: NSFW_CODE,
    };
  }
  if (fault.fail !== undefined) {
    return { status: "failed", error: fault.fail_message ?? "Task failed", code: fault.fail };
  }
  if (fault.end !== undefined) return { status: fault.end, error: `Task ${fault.end}`, code: 0 };
  return { status: fault.end_status ?? "completed", error: "", code: 0 };
}
