import { describe, expect, test } from "vitest";
import { z } from "zod";
import { predictionView } from "../../../src/jobs/prediction-view.ts";
import type { JobState } from "../../../src/jobs/job.ts";
import type { JobView } from "../../../src/jobs/types.ts";
import { readPollAnswer } from "../../../src/upstream/read-poll-answer.ts";

/** What the strictest of each client's types insist on: ai-sdk's zod, Go's struct, Swift's mandatory numbers. */
const Strict = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{32}$/),
  model: z.string(),
  outputs: z.array(z.string()),
  urls: z.strictObject({ get: z.url() }),
  has_nsfw_contents: z.array(z.boolean()),
  status: z.enum(["created", "processing", "completed", "failed", "cancelled", "timeout"]),
  created_at: z.iso.datetime(),
  error: z.string(),
  executionTime: z.number(),
  timings: z.record(z.string(), z.number()).and(z.object({ inference: z.number() })),
  code: z.int(),
});

const viewOf = (change: Partial<JobView>): JobView => ({
  id: "a".repeat(32),
  model: "kwaivgi/kling-v2.0-t2v-master",
  state: "queued",
  upstreamStatus: null,
  priceMicros: 1,
  createdAt: 1_790_000_000_000,
  endedAt: null,
  result: null,
  refusal: null,
  queue: null,
  progress: null,
  base64Output: false,
  neverSent: false,
  ...change,
});

const STATES: readonly JobState[] = [
  "queued",
  "submitting",
  "unknown",
  "running",
  "completed",
  "failed",
  "cancelled",
  "expired",
];
const URL = "https://gateway.test/api/v3/predictions/x?wait=1";

describe("a prediction has the types that the strictest client insists on", () => {
  test.each(STATES)("while its job is %s", (state) => {
    expect(Strict.safeParse(predictionView(viewOf({ state }), URL)).error).toBeUndefined();
  });

  test.each([
    ["all is well", { outputs: ["https://x/a.mp4"], has_nsfw_contents: [false], timings: { inference: 5 }, code: 0 }],
    ["all is null", { outputs: null, has_nsfw_contents: null, error: null, timings: null, code: null }],
    ["all is missing", {}],
    ["flags are no booleans", { has_nsfw_contents: [null, "false", 0, true] }],
    ["timings are of many kinds", { timings: { queue: 1, note: "x", more: { inference: 2 }, inference: null } }],
    ["an error is an object", { error: { message: "x" }, code: "1405", executionTime: "5" }],
  ])("where upstream says that %s", (_, data) => {
    const answer = readPollAnswer(
      200,
      JSON.stringify({ code: 200, message: "", data: { status: "completed", ...data } }),
    );
    if (answer.kind !== "completed") throw new Error(answer.kind);
    const shown = predictionView(viewOf({ state: "completed", result: answer.result }), URL);
    expect(Strict.safeParse(shown).error).toBeUndefined();
  });
});
