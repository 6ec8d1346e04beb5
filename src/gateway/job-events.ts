import type { Context } from "hono";
import { streamSSE, type SSEStreamingApi } from "hono/streaming";
import type { JobView } from "../jobs/types.ts";
import type { GatewayEnv } from "./gateway-env.ts";
import { ownJob, type OwnJob } from "./own-job.ts";
import { predictionTag } from "./prediction-tag.ts";
import { predictionView } from "../jobs/prediction-view.ts";
import { refuse } from "./reply.ts";
import { hasEnded, watchJob } from "./watch-job.ts";

/** Between two signs of life on a quiet stream: proxies cut what says nothing for a minute. */
const QUIET_MS_MAX = 15_000;

/** A stream is ended after this; its client connects again and goes on where it was. */
const STREAM_MS_MAX = 15 * 60_000;

const RECONNECT_MS = 2_000;

/**
 * GET /api/v3/predictions/{id}/events: Server-Sent Events. Each `job` event is the prediction as a read shows
 * it, its id the ETag: one at once, one for each change, and the stream ends with the job. A client that
 * connects again with `last-event-id` is not told twice. Between them `queue` events tell the place in the
 * gateway's queue, and `progress` events how much of the model's usual time has passed.
 */
export async function jobEvents(c: Context<GatewayEnv>, jobId: string): Promise<Response> {
  const job = await ownJob(c, jobId);
  if (!job.ok) return refuse(c, job.error);
  c.header("cache-control", "no-store");
  return streamSSE(c, (stream) => tell(c, stream, job.value));
}

async function tell(c: Context<GatewayEnv>, stream: SSEStreamingApi, { tracker, view: first }: OwnJob): Promise<void> {
  const until = Date.now() + STREAM_MS_MAX;
  const tagOf = (view: typeof first): string => predictionTag(predictionView(view, c.req.url));
  let told = c.req.header("last-event-id") ?? "";
  let toldAside = "";
  let view = first;
  while (!stream.aborted && Date.now() < until) {
    if (tagOf(view) !== told) {
      told = tagOf(view);
      const data = JSON.stringify(predictionView(view, c.req.url));
      await stream.writeSSE({ event: "job", id: told, data, retry: RECONNECT_MS });
    } else if (asideOf(view) === toldAside) await stream.write(": still there\n\n");
    if (asideOf(view) !== toldAside) await tellAside(stream, view);
    toldAside = asideOf(view);
    if (hasEnded(view)) return;
    const isNews = (next: typeof first): boolean => tagOf(next) !== told || asideOf(next) !== toldAside;
    view = await watchJob(tracker, view, (next) => stream.aborted || isNews(next), QUIET_MS_MAX);
  }
}

/** What is told of a job beside what a read shows. */
const asideOf = ({ queue, progress }: JobView): string => `${queue?.position ?? ""}/${progress ?? ""}`;

async function tellAside(stream: SSEStreamingApi, { queue, progress }: JobView): Promise<void> {
  if (queue) {
    const start = queue.expectedStart === null ? null : new Date(queue.expectedStart).toISOString();
    const data = JSON.stringify({ position: queue.position, expected_start: start });
    await stream.writeSSE({ event: "queue", data });
  }
  if (progress !== null) await stream.writeSSE({ event: "progress", data: JSON.stringify({ progress }) });
}
