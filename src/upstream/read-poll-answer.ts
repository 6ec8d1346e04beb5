import { readBy, type AnswerRow } from "./answer-row.ts";
import type { PollAnswer, PredictionResult } from "./answers.ts";
import { isRecord, parseEnvelope } from "./envelope.ts";

/** WaveSpeed's status words, lower case, and what each means for the job. */
const STATUS_WORDS: Readonly<Record<string, "working" | "completed" | "failed" | "ended_unpriced">> = {
  created: "working",
  pending: "working",
  queued: "working",
  processing: "working",
  completed: "completed",
  failed: "failed",
  timeout: "failed",
  cancelled: "ended_unpriced",
  canceled: "ended_unpriced",
  deleted: "ended_unpriced",
};

type Meaning = (typeof STATUS_WORDS)[string];

interface Given {
  status: number;
  /** The prediction; null: the answer holds none. */
  data: Record<string, unknown> | null;
  reason: string;
}

const wordOf = (data: Record<string, unknown> | null): string => String(data?.["status"] ?? "").toLowerCase();

/** Reads a prediction whose word has this meaning. */
const ifWord =
  <A>(wanted: Meaning, read: (data: Record<string, unknown>) => A) =>
  ({ data }: Given): A | null => {
    const word = wordOf(data);
    return data !== null && Object.hasOwn(STATUS_WORDS, word) && STATUS_WORDS[word] === wanted ? read(data) : null;
  };

const wordsFor = (wanted: Meaning): string =>
  Object.keys(STATUS_WORDS)
    .filter((word) => STATUS_WORDS[word] === wanted)
    .map((word) => `\`${word}\``)
    .join(", ");

/**
 * What a read of a prediction means. Only a recognised word ever ends a job, and the word alone: a code
 * (5004, "timed out") also comes with tasks that go on, and with ends.
 */
export const POLL_ANSWERS: readonly AnswerRow<Given, PollAnswer>[] = [
  {
    answer: "HTTP 404",
    means: "gone",
    read: ({ status }) => (status === 404 ? { kind: "gone" } : null),
  },
  {
    answer: "any other status but 200; no prediction in an envelope; no answer in 10 s",
    means: "unreachable",
    read: ({ data, reason }) => (data === null ? { kind: "unreachable", reason } : null),
  },
  {
    answer: `${wordsFor("working")}, whatever \`data.code\` says`,
    means: "working",
    read: ifWord("working", (data) => ({ kind: "working", status: wordOf(data) })),
  },
  {
    answer: wordsFor("completed"),
    means: "completed",
    read: ifWord("completed", (data) => ({ kind: "completed", result: resultOf(data) })),
  },
  {
    answer: `${wordsFor("failed")}; moderation (1200) and want of credits (1407, with an alert) too`,
    means: "failed",
    read: ifWord("failed", (data) => ({
      kind: "failed",
      result: resultOf(data),
      ...(whole(data["code"]) === CODE_NO_CREDITS ? { noCredits: true } : {}),
    })),
  },
  {
    answer: wordsFor("ended_unpriced"),
    means: "ended_unpriced",
    read: ifWord("ended_unpriced", (data) => ({
      kind: "ended_unpriced",
      status: wordOf(data),
      result: resultOf(data),
    })),
  },
  {
    answer: "any other word",
    means: "unrecognised",
    read: ({ data }) => ({ kind: "unrecognised", status: wordOf(data).slice(0, 64) }),
  },
];

export function readPollAnswer(status: number, body: string): PollAnswer {
  const envelope = parseEnvelope(body);
  const data = status === 200 && isRecord(envelope?.data) ? envelope.data : null;
  return readBy<Given, PollAnswer>(POLL_ANSWERS, {
    status,
    data,
    reason: `HTTP ${status}${envelope ? "" : " without an envelope"}`,
  });
}

const CODE_NO_CREDITS = 1407;
const CODE_UNAVAILABLE = 5003;

/** What is kept of an end. Our account's lack of credits is the operator's affair, and no tenant's. */
function resultOf(data: Record<string, unknown>): PredictionResult {
  const result = readResult(data);
  if (result.code !== CODE_NO_CREDITS) return result;
  return { ...result, code: CODE_UNAVAILABLE, error: "the upstream could not run the task" };
}

/** The fields that clients are shown, in the types that the strictest of them expect. */
function readResult(data: Record<string, unknown>): PredictionResult {
  const { outputs, timings } = data;
  const nsfw = data["has_nsfw_contents"];
  return {
    outputs: Array.isArray(outputs) ? boundedOutputs(outputs) : [],
    hasNsfwContents: Array.isArray(nsfw) ? nsfw : null,
    error: typeof data["error"] === "string" ? data["error"].slice(0, ERROR_CHARS_MAX) : "",
    code: whole(data["code"]),
    executionTime: whole(data["executionTime"]),
    timings: isRecord(timings)
      ? Object.fromEntries(
          Object.entries(timings).filter((pair): pair is [string, number] => typeof pair[1] === "number"),
        )
      : { inference: 0 },
  };
}

const whole = (value: unknown): number => (typeof value === "number" && Number.isInteger(value) ? value : 0);

/** A result must fit a row of 2 MB: more outputs than this, or one that is itself the file, are not kept. */
const OUTPUTS_MAX = 100;
const OUTPUT_CHARS_MAX = 8_192;
const ERROR_CHARS_MAX = 2_000;

const boundedOutputs = (outputs: unknown[]): unknown[] =>
  outputs.slice(0, OUTPUTS_MAX).filter((output) => (JSON.stringify(output) ?? "").length <= OUTPUT_CHARS_MAX);
