import { submitFaultSchema, type ReplyFault } from "./fault.ts";
import type { Task } from "./task.ts";

/** What the task's own script does to its n-th poll, counted from 1; `times` bounds it. */
export function pollFaultOf(task: Task, poll: number): ReplyFault | null {
  if (task.poll_fault === "") return null;
  const stored = submitFaultSchema.shape.poll.parse(JSON.parse(task.poll_fault));
  if (stored === undefined) return null;
  const { times, ...fault } = stored;
  return times !== undefined && poll > times ? null : fault;
}
