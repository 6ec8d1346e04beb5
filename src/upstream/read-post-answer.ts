import type { PostAnswer } from "./answers.ts";
import { isRecord, parseEnvelope, type Envelope } from "./envelope.ts";

/** Statuses that refuse the input, when they come in WaveSpeed's envelope. */
const INPUT_REFUSED = new Set([400, 404, 413, 422]);

/** Statuses that are our account's fault, in an envelope or not. */
const ACCOUNT_FAULT = new Set([401, 402, 403]);

/** Task code for "insufficient credits". */
const CODE_NO_CREDITS = 1407;

/**
 * One table: what a POST's HTTP answer means. Only an answer in the envelope is believed to say
 * that nothing was created; anything unexpected is `lost`, never a guess.
 */
export function readPostAnswer(status: number, body: string, retryAfter: string | null): PostAnswer {
  const envelope = parseEnvelope(body);
  const id = envelope && isRecord(envelope.data) ? envelope.data["id"] : undefined;
  const createdId = typeof id === "string" && id !== "" ? id : null;
  if (status === 200 && createdId !== null) {
    const data = envelope?.data as Record<string, unknown>;
    return { kind: "created", upstreamId: createdId, status: String(data["status"] ?? "created") };
  }
  // An error that names a task all the same: the task may well exist.
  if (createdId !== null) return { kind: "lost", reason: `HTTP ${status} with an id` };
  if (ACCOUNT_FAULT.has(status) || envelope?.code === CODE_NO_CREDITS) {
    return { kind: "account_fault", reason: `HTTP ${status}: ${text(envelope)}` };
  }
  if (envelope && (status === 429 || status === 503)) {
    return { kind: "not_created", retryAfterMs: retryAfterMs(retryAfter), reason: `HTTP ${status}: ${text(envelope)}` };
  }
  if (envelope && INPUT_REFUSED.has(status)) {
    return { kind: "refused", status, code: envelope.code, message: text(envelope) };
  }
  return { kind: "lost", reason: `HTTP ${status}${envelope ? ` code ${envelope.code}` : " without an envelope"}` };
}

const MESSAGE_MAX = 1_000;

const text = (envelope: Envelope | null): string => (envelope?.message ?? "no message").slice(0, MESSAGE_MAX);

const RETRY_AFTER_MS_MAX = 600_000;

/** Seconds only: a date would need a clock that agrees with theirs. */
function retryAfterMs(header: string | null): number | null {
  const seconds = Number(header);
  if (header === null || header.trim() === "" || !Number.isFinite(seconds) || seconds < 0) return null;
  return Math.min(seconds * 1_000, RETRY_AFTER_MS_MAX);
}
