import type { ReplyFault, SubmitFault } from "./fault.ts";

/** A refusal in WaveSpeed's words: HTTP status, envelope code and message. */
export type WireRefusal = { status: number; code: number; message: string };

/** What befalls a submit's answer, with the parts that only a submit has. */
export type SubmitReplyFault = ReplyFault & {
  created?: boolean;
  slow_after?: number;
  no_id?: boolean;
};

const REPLY_KEYS = [
  "http",
  "code",
  "message",
  "bare",
  "retry_after",
  "drop",
  "cut",
  "slow",
  "malformed",
  "status",
  "created",
  "slow_after",
  "no_id",
] as const;

/**
 * Joins the prompt's script and the control endpoint's; the latter wins name by name. The prompt's
 * faults of this answer fall away once it was met `times` times.
 */
export function joinFaults(prompt: SubmitFault, uses: number, control: SubmitFault): SubmitFault {
  const kept = { ...withRefusal(prompt) };
  if (prompt.times !== undefined && uses > prompt.times) {
    for (const key of REPLY_KEYS) delete kept[key];
  }
  return { ...kept, ...withRefusal(control) };
}

export function replyOf(fault: SubmitFault): SubmitReplyFault | null {
  const entries = REPLY_KEYS.filter((key) => fault[key] !== undefined).map((key) => [key, fault[key]]);
  return entries.length === 0 ? null : (Object.fromEntries(entries) as SubmitReplyFault);
}

/** True when the answer goes wrong before there is a task. */
export const strikesBefore = (reply: SubmitReplyFault): boolean =>
  (reply.http !== undefined && reply.created !== true) || reply.drop === "before" || reply.cut === "before";

/** `refuse` spelled out. */
function withRefusal(fault: SubmitFault): SubmitFault {
  if (fault.refuse === undefined) return fault;
  return {
    ...fault,
    http: 400,
    code: fault.refuse,
    message: fault.message ?? "The request was refused",
  };
}
