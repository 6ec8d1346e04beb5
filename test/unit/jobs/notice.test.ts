import { describe, expect, test } from "vitest";
import { INPUT_BYTES_MAX, isTold, NOTICE_BYTES_MAX, noticeOf } from "../../../src/jobs/notice.ts";
import type { Job } from "../../../src/jobs/job.ts";
import { jobIn, RESULT, T0 } from "./job-fixture.ts";

const NOTIFY = { url: "https://acme.dev/x", origin: "https://gateway.example" };
const LINK = `https://gateway.example/api/v3/predictions/${"a".repeat(32)}/result`;

const done = (change: Partial<Job> = {}): Job =>
  jobIn({ state: "completed", result: RESULT, notify: NOTIFY, endedAt: T0, ...change });

const told = (job: Job, input: string | null = null) => {
  const notice = noticeOf(job, input);
  return notice && { ...notice, prediction: JSON.parse(notice.body) as Record<string, unknown> };
};

describe("what is told of a job", () => {
  test("is the bare prediction, with the gateway's own address in it", () => {
    const { prediction, body: _, ...notice } = told(done()) ?? { prediction: null, body: "" };
    const id = "a".repeat(32);
    expect(notice).toEqual({ eventId: id, event: "job.completed", jobId: id, mode: "live", url: NOTIFY.url });
    expect(prediction).toMatchObject({ id, status: "completed", outputs: RESULT.outputs, urls: { get: LINK } });
    expect(prediction).not.toHaveProperty("input");
  });

  test.each([
    ["completed", "job.completed"],
    ["failed", "job.failed"],
    ["cancelled", "job.cancelled"],
    ["expired", "job.expired"],
  ] as const)("%s is %s", (state, event) => expect(told(done({ state }))?.event).toBe(event));

  test("is nothing while it goes on, if it was deleted, or if nobody asked", () => {
    for (const state of ["queued", "submitting", "unknown", "running", "void"] as const) {
      expect(noticeOf(done({ state }), null)).toBeNull();
    }
    expect(noticeOf(done({ deletedAt: T0 }), null)).toBeNull();
    expect(noticeOf(done({ notify: null }), null)).toBeNull();
  });

  test("is another event if it completes after it was given up", () => {
    for (const outcome of ["expired", "never_sent"] as const) {
      expect(told(done({ outcome }))?.eventId).toBe(`${"a".repeat(32)}_late`);
      expect(told(done({ outcome, state: "failed" }))?.eventId).toBe("a".repeat(32));
    }
  });
});

describe("a webhook is small", () => {
  const result = (change: Partial<typeof RESULT>) => done({ result: { ...RESULT, ...change } });

  test("files in text, and whatever is no address, become the link to the result", () => {
    const outputs = ["A".repeat(3_000_000), "data:video/mp4;base64,AAAA", { url: "x" }, 7, "https://cdn.example/a.mp4"];
    expect(told(result({ outputs }))?.prediction["outputs"]).toEqual([LINK, LINK, LINK, LINK, outputs[4]]);
  });

  test.each([
    [
      "many outputs",
      result({ outputs: Array.from({ length: 5_000 }, (_, n) => `https://cdn.example/${n}.mp4`) }),
      null,
    ],
    ["a long error", result({ error: "\u00fc".repeat(200_000) }), null],
    ["an input", done(), JSON.stringify({ prompt: "x".repeat(INPUT_BYTES_MAX - 20) })],
    [
      "all of it",
      result({
        outputs: Array.from({ length: 30 }, () => `https://cdn.example/${"x".repeat(4_000)}`),
        error: "x".repeat(9_999),
      }),
      JSON.stringify({ prompt: "\u{1f98a}".repeat(1_000) }),
    ],
  ])("with %s it has 64 KB at most, and still says what became of the job", (_what, job, input) => {
    const notice = told(job, input);
    expect(Buffer.byteLength(notice?.body ?? "")).toBeLessThanOrEqual(NOTICE_BYTES_MAX);
    expect(notice?.prediction).toMatchObject({ id: job.id, status: "completed", urls: { get: LINK } });
  });

  test("with its input, where that is given", () => {
    expect(told(done(), '{"prompt":"a fox"}')?.prediction["input"]).toEqual({ prompt: "a fox" });
  });
});

describe("the desk hears", () => {
  test("of an end and of a deletion, once each, and of nothing on the way", () => {
    const running = done({ state: "running" });
    expect(isTold(running, { state: "completed" })).toBe(true);
    expect(isTold(running, { deletedAt: T0 })).toBe(true);
    expect(isTold(running, { nextAt: T0 })).toBe(false);
    expect(isTold(done({ state: "queued" }), { state: "running" })).toBe(false);
    expect(isTold(done(), { settlement: null, settled: "capture" })).toBe(false);
    expect(isTold(done({ state: "expired" }), { state: "completed" })).toBe(true);
    expect(isTold(done({ state: "running", notify: null }), { state: "completed" })).toBe(false);
  });
});
