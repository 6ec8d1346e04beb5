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

const CODE_NO_CREDITS = 1407;
const CODE_UNAVAILABLE = 5003;

/** What a read of a prediction means. Only a recognised word ever ends a job. */
export function readPollAnswer(status: number, body: string): PollAnswer {
  const envelope = parseEnvelope(body);
  if (status === 404) return { kind: "gone" };
  if (status !== 200 || !envelope || !isRecord(envelope.data)) {
    return { kind: "unreachable", reason: `HTTP ${status}${envelope ? "" : " without an envelope"}` };
  }
  return readPrediction(envelope.data);
}

export function readPrediction(data: Record<string, unknown>): PollAnswer {
  const word = String(data["status"] ?? "").toLowerCase();
  const meaning = Object.hasOwn(STATUS_WORDS, word) ? STATUS_WORDS[word] : undefined;
  const result = withoutAccount(readResult(data));
  if (meaning === undefined) return { kind: "unrecognised", status: word.slice(0, 64) };
  // The word alone says whether it ended: a code (5004, "timed out") also comes with tasks that go on, and with ends.
  if (meaning === "working") return { kind: "working", status: word };
  if (meaning === "ended_unpriced") return { kind: "ended_unpriced", status: word, result };
  return { kind: meaning, result };
}

/** Our account's lack of credits is the operator's affair, and no tenant's. */
const withoutAccount = (result: PredictionResult): PredictionResult =>
  result.code === CODE_NO_CREDITS
    ? { ...result, code: CODE_UNAVAILABLE, error: "the upstream could not run the task" }
    : result;

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
