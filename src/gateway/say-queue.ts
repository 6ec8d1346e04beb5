import type { Context } from "hono";
import type { JobView } from "../jobs/types.ts";

/** Says where a job stands in the gateway's own queue; nothing for one that does not wait there. */
export function sayQueue(c: Context, { queue }: Pick<JobView, "queue">): void {
  if (!queue) return;
  c.header("x-wavegate-queue-position", String(queue.position));
  if (queue.expectedStart !== null) {
    c.header("x-wavegate-expected-start", new Date(queue.expectedStart).toISOString());
  }
}
