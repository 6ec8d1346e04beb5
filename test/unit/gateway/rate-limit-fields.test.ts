import { parseList } from "structured-headers";
import { describe, expect, test } from "vitest";
import { rateLimitFields } from "../../../src/gateway/rate-limit-fields.ts";
import type { Quota } from "../../../src/ledger/types.ts";

const KEY: Quota = {
  policy: "key",
  quota: 60,
  windowSeconds: 60,
  unit: "requests",
  remaining: 12,
  resetSeconds: 48,
};
const RUNNING: Quota = {
  policy: "running",
  quota: 5,
  windowSeconds: null,
  unit: "concurrent-requests",
  remaining: 2,
  resetSeconds: null,
};

describe("the fields, to the letter", () => {
  test("no quota, no fields", () => {
    expect(rateLimitFields([])).toBeNull();
  });

  test("a rate", () => {
    expect(rateLimitFields([KEY])).toEqual({
      ratelimit: '"key";r=12;t=48',
      "ratelimit-policy": '"key";q=60;w=60',
    });
  });

  test("a limit on what runs at once has a unit and no window", () => {
    expect(rateLimitFields([RUNNING])).toEqual({
      ratelimit: '"running";r=2',
      "ratelimit-policy": '"running";q=5;qu="concurrent-requests"',
    });
  });

  test("several, each in its place", () => {
    expect(rateLimitFields([KEY, RUNNING])).toEqual({
      ratelimit: '"key";r=12;t=48, "running";r=2',
      "ratelimit-policy": '"key";q=60;w=60, "running";q=5;qu="concurrent-requests"',
    });
  });

  test("used up, for now", () => {
    expect(rateLimitFields([{ ...KEY, remaining: 0, resetSeconds: 0 }])?.ratelimit).toBe('"key";r=0;t=0');
  });

  test("a limit lowered under what is in progress has nothing remaining", () => {
    expect(rateLimitFields([{ ...RUNNING, remaining: -2 }])?.ratelimit).toBe('"running";r=0');
  });

  test("quotes and backslashes in a name are escaped", () => {
    expect(rateLimitFields([{ ...KEY, policy: 'a"b\\c' }])?.ratelimit).toBe('"a\\"b\\\\c";r=12;t=48');
  });
});

test("the draft's own examples are read by the parser that these tests trust", () => {
  const [burst, daily] = parseList('"burst";q=100;w=60,"daily";q=1000;w=86400');
  expect(burst).toEqual(["burst", new Map(Object.entries({ q: 100, w: 60 }))]);
  expect(daily?.[0]).toBe("daily");
});

describe("what the fields cannot carry is a bug", () => {
  test.each<[string, Partial<Quota>]>([
    ["no name", { policy: "" }],
    ["a name beyond ASCII", { policy: "schlüssel" }],
    ["a name with a line break", { policy: "key\r\nset-cookie: a=b" }],
    ["a negative quota", { quota: -1 }],
    ["half a request", { quota: 0.5 }],
    ["sixteen digits", { quota: 1_000_000_000_000_000 }],
    ["a window of nothing", { windowSeconds: 0 }],
    ["a part of a second", { resetSeconds: 0.5 }],
    ["a reset in the past", { resetSeconds: -1 }],
    ["no number", { remaining: Number.NaN }],
  ])("%s", (_, change) => {
    expect(() => rateLimitFields([{ ...KEY, ...change }])).toThrow(RangeError);
  });
});
