import type { JobEventName, Notice } from "../webhooks/types.ts";
import type { Job, JobState } from "./job.ts";
import { predictionView, type Prediction } from "./prediction-view.ts";
import { viewOf } from "./view-of.ts";

/** A webhook is never longer; receivers refuse long ones. */
export const NOTICE_BYTES_MAX = 64 * 1024;

/** An input that is longer is not repeated. */
export const INPUT_BYTES_MAX = 4 * 1024;

const OUTPUT_CHARS_MAX = 4_096;
const ERROR_CHARS_MAX = 2_000;

const EVENTS: Readonly<Partial<Record<JobState, JobEventName>>> = {
  completed: "job.completed",
  failed: "job.failed",
  cancelled: "job.cancelled",
  expired: "job.expired",
};

/** Whether this change of a job's row is one that the tenant's desk must hear of: an end, or that it was deleted. */
export const isTold = (job: Job, change: Partial<Job>): boolean =>
  job.notify !== null &&
  (change.deletedAt != null ||
    (change.state !== undefined && change.state !== job.state && EVENTS[change.state] !== undefined));

/** The event id is the job's, as in WaveSpeed's own webhooks. An end after it was given up is another event. */
const eventIdOf = ({ id, state, outcome }: Job): string =>
  state === "completed" && (outcome === "expired" || outcome === "never_sent") ? `${id}_late` : id;

/**
 * What is told of a job that has ended: the bare prediction, as WaveSpeed sends it. `input`: JSON of it, where it is
 * kept for its tenant and short; else null. Null: there is nothing to tell.
 */
export function noticeOf(job: Job, input: string | null): Notice | null {
  const event = EVENTS[job.state];
  if (event === undefined || job.notify === null || job.deletedAt !== null) return null;
  const prediction = predictionView(viewOf(job, { queue: null, usualMs: null, now: 0 }), job.notify.origin);
  const { id: jobId, mode } = job;
  return { eventId: eventIdOf(job), event, jobId, mode, url: job.notify.url, body: bodyOf(prediction, input) };
}

function bodyOf(prediction: Prediction, input: string | null): string {
  const { id, model, ...rest } = prediction;
  const link = prediction.urls.get;
  const short = {
    ...rest,
    // Never a video or a picture in text: who gets a link instead finds the whole result there.
    outputs: rest.outputs.map((output) => (isAddress(output) ? output : link)),
    error: rest.error.slice(0, ERROR_CHARS_MAX),
  };
  const known = input === null ? {} : { input: JSON.parse(input) as unknown };
  const whole = JSON.stringify({ id, model, ...known, ...short });
  if (Buffer.byteLength(whole) <= NOTICE_BYTES_MAX) return whole;
  return JSON.stringify({ id, model, ...short, outputs: [link], has_nsfw_contents: [] });
}

const isAddress = (output: unknown): boolean =>
  typeof output === "string" && output.length <= OUTPUT_CHARS_MAX && /^https?:\/\//.test(output);
