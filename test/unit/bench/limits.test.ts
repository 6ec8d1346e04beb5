import { expect, test } from "vitest";
import { microsOf, type Books } from "../../../bench/limits/books.ts";
import { isBroken } from "../../../bench/limits/breaking-point.ts";
import { parseLimitsOptions } from "../../../bench/limits/options.ts";
import { verdict, type Evidence } from "../../../bench/limits/verdict.ts";
import type { Reply } from "../../../bench/load/order.ts";

const reply = (given: Partial<Reply>): Reply => ({
  status: 200,
  sent: true,
  latencyMs: 10,
  serviceMs: 10,
  retryAfter: null,
  text: JSON.stringify({ data: { id: "a" } }),
  ...given,
});

const told = (id: string): Reply => reply({ text: JSON.stringify({ data: { id } }) });

const books: Books = {
  captured: 1_300_000,
  held: 0,
  audit: { consistent: true, differences: [] },
  jobs: [
    { id: "a", status: "completed", micros: 1_300_000 },
    { id: "b", status: "failed", micros: 0 },
  ],
  usage: 1_300_000,
  bill: { tasks: 1, micros: 1_300_000 },
};

const orderly: Evidence = {
  brokeAt: 400,
  replies: [reply({}), reply({ status: 429, retryAfter: "1", text: "" }), reply({ status: 503, retryAfter: "30" })],
  replyMsMax: 6_000,
  drained: true,
  caughtUp: true,
  books,
  beforeP50: 25,
  afterP50: 30,
};

const broken = (change: Partial<Evidence>): string[] =>
  verdict({ ...orderly, ...change }).flatMap(({ promise, kept }) => (kept ? [] : [promise]));

const REPLIES = "each reply is 200, or 429 or 503 with retry-after";

test("an orderly storm keeps every promise", () => {
  expect(broken({})).toEqual([]);
});

test("a refusal without retry-after, an error and a reply that never came are each disorder", () => {
  for (const odd of [{ status: 429 }, { status: 500, retryAfter: "1" }, { status: 0, text: "reset" }]) {
    expect(broken({ replies: [...orderly.replies, reply(odd)] })).toEqual([REPLIES]);
  }
});

test("a call that never got a connection was not the gateway's to answer", () => {
  const unsent = reply({ status: 0, sent: false, serviceMs: 0, text: "no answer in 30000 ms" });
  expect(broken({ replies: [...orderly.replies, unsent] })).toEqual([]);
});

test("a late reply is disorder, however good", () => {
  expect(broken({ replies: [reply({ serviceMs: 6_001 }), told("b")] })).toEqual(["each reply came within 6000 ms"]);
});

test("a job that was told and is in no book, or is told twice, is found", () => {
  const promise = "every job that was told is in the books once";
  expect(broken({ replies: [told("a"), told("c")] })).toEqual([promise]);
  expect(broken({ replies: [reply({}), reply({})] })).toEqual([promise]);
});

test("a job of a submit that was refused is found", () => {
  const overloaded = { status: 503, retryAfter: "2", text: '{"error":{"code":"overloaded"}}' };
  expect(broken({ replies: [told("a"), told("b"), reply(overloaded)] })).toEqual([]);
  expect(broken({ replies: [told("a"), reply(overloaded)] })).toEqual(["no refused submit made a job"]);
  expect(broken({ replies: [told("a"), reply({ status: 0, text: "reset" })] })).toEqual([REPLIES]);
});

test("money that is lost or doubled is found, wherever it is", () => {
  expect(broken({ books: { ...books, held: 1 } })).toEqual(["captured and held are the sum of the jobs"]);
  expect(broken({ books: { ...books, bill: { tasks: 2, micros: 2_600_000 } } })).toEqual([
    "the upstream's bill is what was captured",
  ]);
  expect(broken({ books: { ...books, usage: 0 } })).toEqual(["usage in D1 is what was captured"]);
  expect(broken({ books: { ...books, audit: { consistent: false, differences: ["held"] } } })).toEqual([
    "the ledger's audit is consistent",
  ]);
});

test("jobs that stay open, and a gateway that stays slow, have not recovered", () => {
  expect(broken({ drained: false })).toEqual(["every job ended without help"]);
  expect(broken({ afterP50: 76 })).toEqual(["a submit is as fast as before"]);
});

test("a load that broke nothing proves nothing", () => {
  expect(broken({ brokeAt: null })).toEqual(["the load broke it"]);
});

test("a rate is broken when it is not served, not answered in time, or refused", () => {
  const step = { rate: 100, p50: 20, p95: 30, p99: 40, perSecond: 99, failed: 0 };
  expect(isBroken(step)).toBe(false);
  expect(isBroken({ ...step, perSecond: 80 })).toBe(true);
  expect(isBroken({ ...step, p99: 1_001 })).toBe(true);
  expect(isBroken({ ...step, failed: 1 })).toBe(true);
  expect(isBroken({ ...step, p99: Number.NaN })).toBe(true);
});

test("decimal dollars are read to the micro-dollar", () => {
  expect(["1.300000", "0.000001", "12", "9000000.5"].map(microsOf)).toEqual([
    1_300_000, 1, 12_000_000, 9_000_000_500_000,
  ]);
});

test("limits: a wrong value is refused with the flag and the rule", () => {
  expect(parseLimitsOptions(["--quick"])).toMatchObject({ stepMs: 1_500, overMs: 4_000, max: 6_400 });
  expect(() => parseLimitsOptions(["--max", "1e9"])).toThrow("--max: whole numbers from 1 to 10000 are needed");
});
