import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readPostAnswer } from "../../../src/upstream/read-post-answer.ts";

const envelope = (code: number, message: string, data: unknown = undefined): string =>
  JSON.stringify({ code, message, data });
const CREATED = envelope(200, "success", { id: "u1", status: "created" });
const HTML = "<html><body>upstream edge</body></html>";

/** Status, body, what it means. */
const TABLE: [string, number, string, string][] = [
  ["200 with an id", 200, CREATED, "created"],
  ["200 without an id", 200, envelope(200, "success", { status: "created" }), "lost"],
  ["200 with an empty id", 200, envelope(200, "success", { id: "" }), "lost"],
  ["200 with a number for an id", 200, envelope(200, "success", { id: 7 }), "lost"],
  ["200 with null data", 200, envelope(200, "success", null), "lost"],
  ["200 with a list for data", 200, envelope(200, "success", [{ id: "u1" }]), "lost"],
  ["200 that is not JSON", 200, '{"code":200,"da', "lost"],
  ["200 without a body", 200, "", "lost"],
  ["200 without an envelope", 200, '{"id":"u1"}', "lost"],
  ["200 with an error code inside", 200, envelope(500, "oops"), "lost"],
  ["200 with code 1407", 200, envelope(1407, "insufficient credits"), "account_fault"],
  ["201 with an id", 201, CREATED, "lost"],
  ["202 with an id", 202, CREATED, "lost"],
  ["a redirect", 302, "", "lost"],
  ["400 with the envelope", 400, envelope(1401, "bad duration"), "refused"],
  ["400 without", 400, '{"error":"webhook callback does not support base64"}', "lost"],
  ["404 with the envelope", 404, envelope(404, "no such model"), "refused"],
  ["404 without", 404, HTML, "lost"],
  ["413 with the envelope", 413, envelope(413, "too large"), "refused"],
  ["413 without", 413, HTML, "lost"],
  ["422 with the envelope", 422, envelope(422, "unprocessable"), "refused"],
  ["400 with code 1407", 400, envelope(1407, "insufficient credits"), "account_fault"],
  ["401 with the envelope", 401, envelope(401, "invalid key"), "account_fault"],
  ["401 without", 401, HTML, "account_fault"],
  ["402", 402, envelope(402, "insufficient credits"), "account_fault"],
  ["403", 403, HTML, "account_fault"],
  ["429 with the envelope", 429, envelope(429, "rate limit"), "not_created"],
  ["429 without", 429, HTML, "lost"],
  ["429 with an id", 429, CREATED, "lost"],
  ["503 with the envelope", 503, envelope(503, "busy"), "not_created"],
  ["a bare 503", 503, HTML, "lost"],
  ["503 with an id", 503, CREATED, "lost"],
  ["500 with the envelope", 500, envelope(500, "internal"), "lost"],
  ["500 without", 500, "", "lost"],
  ["502", 502, HTML, "lost"],
  ["504", 504, envelope(504, "time-out"), "lost"],
  ["408", 408, envelope(408, "time-out"), "lost"],
  ["a status that nobody knows", 418, envelope(418, "teapot"), "lost"],
];

describe("what the POST's answer means", () => {
  it.each(TABLE)("%s (%i): %s", (_name, status, body, kind) => {
    expect(readPostAnswer(status, body, null).kind).toBe(kind);
  });

  it("gives the id and the status word of what was created", () => {
    expect(readPostAnswer(200, CREATED, null)).toEqual({ kind: "created", upstreamId: "u1", status: "created" });
    expect(readPostAnswer(200, envelope(200, "", { id: "u2" }), null)).toMatchObject({
      upstreamId: "u2",
      status: "created",
    });
  });

  it("passes the status, code and message of a refused input on", () => {
    const expected = { kind: "refused", status: 400, code: 1401, message: "bad duration" };
    expect(readPostAnswer(400, envelope(1401, "bad duration"), null)).toEqual(expected);
  });

  it("cuts a message that is too long to keep", () => {
    const answer = readPostAnswer(400, envelope(1401, "x".repeat(5_000)), null);
    expect(answer.kind === "refused" && answer.message.length).toBe(1_000);
  });

  it.each([
    ["5", 5_000],
    ["0", 0],
    ["0.5", 500],
    ["9999999", 600_000],
    ["", null],
    ["  ", null],
    ["-1", null],
    ["soon", null],
    ["Wed, 21 Oct 2026 07:28:00 GMT", null],
    ["Infinity", null],
    [null, null],
  ])("Retry-After %j: %j ms", (header, retryAfterMs) => {
    expect(readPostAnswer(429, envelope(429, ""), header)).toMatchObject({ kind: "not_created", retryAfterMs });
  });

  it("believes 'created' only of a 200 with an id, and 'not created' only of an envelope without one", () => {
    const body = fc.oneof(
      fc.json(),
      fc.string(),
      fc
        .record({ code: fc.integer(), message: fc.string(), data: fc.oneof(fc.json(), fc.record({ id: fc.string() })) })
        .map((v) => JSON.stringify(v)),
    );
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 599 }), body, (status, text) => {
        const answer = readPostAnswer(status, text, null);
        if (answer.kind === "created") expect([status, answer.upstreamId !== ""]).toEqual([200, true]);
        if (answer.kind === "not_created") expect([429, 503]).toContain(status);
        if (answer.kind === "refused") expect([400, 404, 413, 422]).toContain(status);
      }),
    );
  });
});
