import { readBy, type AnswerRow } from "./answer-row.ts";
import type { PostAnswer } from "./answers.ts";
import { isRecord, parseEnvelope, type Envelope } from "./envelope.ts";

interface Given {
  status: number;
  envelope: Envelope | null;
  /** `data.id`, where it is a text and not empty. */
  id: string | null;
  retryAfter: string | null;
}

/** Statuses that refuse the input, when they come in WaveSpeed's envelope. */
const INPUT_REFUSED = [400, 404, 413, 422];

/** Statuses that are our account's fault, in an envelope or not. */
const ACCOUNT_FAULT = [401, 402, 403];

/** Statuses after which it may be sent again, when they come in the envelope. */
const BUSY = [429, 503];

/** Said of the account, where 503 may be said of a model. */
const TOO_MANY = 429;

/** Task code for "insufficient credits". */
const CODE_NO_CREDITS = 1407;

/**
 * What a POST's HTTP answer means. Only an answer in the envelope is believed to say that nothing was
 * created; anything unexpected is `lost`, never a guess.
 */
export const POST_ANSWERS: readonly (AnswerRow<Given, PostAnswer> & { client: string })[] = [
  {
    answer: "200 with `data.id`",
    means: "created",
    client: "200, our job",
    read: ({ status, envelope, id }) =>
      status === 200 && id !== null ? { kind: "created", upstreamId: id, status: wordOf(envelope) } : null,
  },
  {
    // An error that names a task all the same: the task may well exist.
    answer: "any other status with `data.id`",
    means: "lost",
    client: "200 `created`; looked for",
    read: ({ status, id }) => (id === null ? null : { kind: "lost", reason: `HTTP ${status} with an id` }),
  },
  {
    answer: `${ACCOUNT_FAULT.join(", ")}, or \`code\` ${CODE_NO_CREDITS} in an envelope`,
    means: "account_fault",
    client: "what another account answers; if there is none, 503, never WaveSpeed's message",
    read: ({ status, envelope }) =>
      ACCOUNT_FAULT.includes(status) || envelope?.code === CODE_NO_CREDITS
        ? { kind: "account_fault", reason: said(status, envelope) }
        : null,
  },
  {
    answer: `${BUSY.join(", ")} in an envelope`,
    means: "not_created",
    client: "200 `created`; sent again later",
    read: ({ status, envelope, retryAfter }) =>
      envelope && BUSY.includes(status)
        ? {
            kind: "not_created",
            retryAfterMs: retryAfterMs(retryAfter),
            reason: said(status, envelope),
            ...(status === TOO_MANY ? { tooMany: true } : {}),
          }
        : null,
  },
  {
    answer: `${INPUT_REFUSED.join(", ")} in an envelope`,
    means: "refused",
    client: "that status, code and message",
    read: ({ status, envelope }) =>
      envelope && INPUT_REFUSED.includes(status)
        ? { kind: "refused", status, code: envelope.code, message: text(envelope) }
        : null,
  },
  {
    answer: "anything else; no answer in `SUBMIT_MS_MAX`; a reset; a failed connection",
    means: "lost",
    client: "200 `created`; looked for",
    read: ({ status, envelope }) => ({
      kind: "lost",
      reason: `HTTP ${status}${envelope ? ` code ${envelope.code}` : " without an envelope"}`,
    }),
  },
];

export function readPostAnswer(status: number, body: string, retryAfter: string | null): PostAnswer {
  const envelope = parseEnvelope(body);
  const id = envelope && isRecord(envelope.data) ? envelope.data["id"] : undefined;
  return readBy<Given, PostAnswer>(POST_ANSWERS, {
    status,
    envelope,
    id: typeof id === "string" && id !== "" ? id : null,
    retryAfter,
  });
}

const wordOf = (envelope: Envelope | null): string =>
  String((isRecord(envelope?.data) ? envelope.data["status"] : null) ?? "created");

const MESSAGE_MAX = 1_000;

const text = (envelope: Envelope | null): string => (envelope?.message ?? "no message").slice(0, MESSAGE_MAX);

const said = (status: number, envelope: Envelope | null): string => `HTTP ${status}: ${text(envelope)}`;

const RETRY_AFTER_MS_MAX = 600_000;

/** Seconds only: a date would need a clock that agrees with theirs. */
function retryAfterMs(header: string | null): number | null {
  const seconds = Number(header);
  if (header === null || header.trim() === "" || !Number.isFinite(seconds) || seconds < 0) return null;
  return Math.min(seconds * 1_000, RETRY_AFTER_MS_MAX);
}
