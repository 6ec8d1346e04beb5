import type { Job, JobState } from "./job.ts";

/** States in which the body may still be needed: to be sent, or to recognise the lost task by. */
export const NEEDS_PAYLOAD: ReadonlySet<JobState> = new Set<JobState>(["queued", "submitting", "unknown"]);

/** Whether the body must stay: for the job itself, or for its tenant. */
export const needsPayload = ({ state, inputUntil }: Pick<Job, "state" | "inputUntil">): boolean =>
  NEEDS_PAYLOAD.has(state) || inputUntil !== null;
