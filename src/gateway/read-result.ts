import type { Context } from "hono";
import { err, ok, type Result } from "../errors/result.ts";
import type { Refusal } from "../errors/catalogue.ts";
import { formatMicros } from "../money/index.ts";
import type { GatewayEnv } from "./gateway-env.ts";
import { ownJob } from "./own-job.ts";
import { predictionTag } from "./prediction-tag.ts";
import { predictionView } from "../jobs/prediction-view.ts";
import { invalid, refuse } from "./reply.ts";
import { sayQueue } from "./say-queue.ts";
import { showJob } from "./show-job.ts";
import { hasEnded, watchJob } from "./watch-job.ts";

/** Longest long poll, in seconds: below what proxies and clients give up after. */
export const WAIT_SECONDS_MAX = 60;

/**
 * GET /api/v3/predictions/{id}[/result]: from the tracker, never from WaveSpeed, so any number of readers
 * costs nothing upstream. Has an ETag; `?wait=30` answers when the job has changed from the `if-none-match`
 * that was sent, or has ended where none was, and after that many seconds in any case.
 */
export async function readResult(c: Context<GatewayEnv>, jobId: string): Promise<Response> {
  const wait = readWait(c.req.query("wait"));
  if (!wait.ok) return refuse(c, wait.error);
  const job = await ownJob(c, jobId);
  if (!job.ok) return refuse(c, job.error);
  const { tracker, view: first } = job.value;
  const known = c.req.header("if-none-match") ?? null;
  const isNews = (view: typeof first): boolean => predictionTag(predictionView(view, c.req.url)) !== known;
  const view = await watchJob(tracker, first, known === null ? hasEnded : isNews, wait.value * 1_000);
  const shown = predictionView(view, c.req.url);
  const tag = predictionTag(shown);
  c.header("x-wavegate-job-cost", formatMicros(view.priceMicros));
  c.header("etag", tag);
  sayQueue(c, view);
  // Kept nowhere on the way: the next read may already be another.
  c.header("cache-control", "private, no-cache");
  return tag === known ? c.body(null, 304) : showJob(c, view, shown);
}

function readWait(text: string | undefined): Result<number, Refusal> {
  if (text === undefined) return ok(0);
  const seconds = /^\d{1,3}$/.test(text) ? Number(text) : NaN;
  if (seconds <= WAIT_SECONDS_MAX) return ok(seconds);
  const rule = `must be whole seconds from 0 to ${WAIT_SECONDS_MAX}`;
  return err(invalid([{ field: "wait", rule, value: text.slice(0, 60) }]));
}
