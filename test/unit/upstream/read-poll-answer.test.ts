import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readPollAnswer } from "../../../src/upstream/read-poll-answer.ts";

const prediction = (data: Record<string, unknown>): string =>
  JSON.stringify({ code: 200, message: "success", data: { id: "u1", outputs: [], error: "", ...data } });

const read = (data: Record<string, unknown>) => readPollAnswer(200, prediction(data));

describe("what a read of a prediction means", () => {
  it.each([
    ["created", "working"],
    ["pending", "working"],
    ["queued", "working"],
    ["processing", "working"],
    ["PROCESSING", "working"],
    ["completed", "completed"],
    ["Completed", "completed"],
    ["failed", "failed"],
    ["FAILED", "failed"],
    ["timeout", "failed"],
    ["cancelled", "ended_unpriced"],
    ["canceled", "ended_unpriced"],
    ["deleted", "ended_unpriced"],
    ["succeeded", "unrecognised"],
    ["pondering", "unrecognised"],
    ["constructor", "unrecognised"],
    ["__proto__", "unrecognised"],
    ["", "unrecognised"],
  ])("status %j: %s", (status, kind) => {
    expect(read({ status }).kind).toBe(kind);
  });

  it("does not take a missing status, or one that is no word, for an end", () => {
    for (const status of [undefined, null, 7, {}, ["completed", "failed"]]) {
      expect(read({ status }).kind).toBe("unrecognised");
    }
  });

  it("cuts a status word that is too long to keep", () => {
    expect(read({ status: "x".repeat(500) })).toEqual({ kind: "unrecognised", status: "x".repeat(64) });
  });

  it("5004 is sync mode giving up, not the task", () => {
    expect(read({ status: "processing", code: 5004, error: "Sync mode timed out" })).toEqual({
      kind: "working",
      status: "processing",
    });
  });

  it.each([
    ["failed", "failed"],
    ["timeout", "failed"],
    ["completed", "completed"],
  ])("5004 with the word %s has ended all the same", (status, kind) => {
    expect(read({ status, code: 5004, error: "Task timed out" }).kind).toBe(kind);
  });

  it("404 is gone, with or without an envelope", () => {
    expect(readPollAnswer(404, '{"code":404,"message":"Prediction not found"}')).toEqual({ kind: "gone" });
    expect(readPollAnswer(404, "<html></html>")).toEqual({ kind: "gone" });
  });

  it.each([
    [200, ""],
    [200, "{"],
    [200, '{"status":"completed"}'],
    [200, '{"code":200,"message":"","data":null}'],
    [200, '{"code":200,"message":"","data":[{"status":"completed"}]}'],
    [401, prediction({ status: "failed" })],
    [429, prediction({ status: "failed" })],
    [500, prediction({ status: "completed" })],
    [503, "<html></html>"],
    [302, ""],
  ])("%i %j: looked at again later", (status, body) => {
    expect(readPollAnswer(status, body).kind).toBe("unreachable");
  });

  it("hands a completed result on in the types that the strictest client expects", () => {
    expect(
      read({
        status: "completed",
        outputs: ["https://a.test/1.mp4", { url: "https://a.test/2.mp4" }],
        has_nsfw_contents: [true],
        executionTime: 1_200,
        timings: { inference: 3, note: "x" },
        code: 0,
      }),
    ).toEqual({
      kind: "completed",
      result: {
        outputs: ["https://a.test/1.mp4", { url: "https://a.test/2.mp4" }],
        hasNsfwContents: [true],
        error: "",
        code: 0,
        executionTime: 1_200,
        timings: { inference: 3 },
      },
    });
    expect(
      read({ status: "completed", outputs: null, has_nsfw_contents: null, error: null, code: "x", timings: null }),
    ).toMatchObject({
      result: { outputs: [], hasNsfwContents: null, error: "", code: 0, timings: { inference: 0 } },
    });
  });

  it("flagged contents do not make a completed task a failed one", () => {
    expect(read({ status: "completed", has_nsfw_contents: [true] }).kind).toBe("completed");
    expect(read({ status: "failed", code: 1200, error: "flagged" })).toMatchObject({
      kind: "failed",
      result: { code: 1200 },
    });
  });

  it("never ends a job on junk, and never throws", () => {
    fc.assert(
      fc.property(fc.nat(599), fc.oneof(fc.string(), fc.json()), (status, body) => {
        expect(["unreachable", "gone", "unrecognised"]).toContain(readPollAnswer(status, body).kind);
      }),
    );
  });
});
