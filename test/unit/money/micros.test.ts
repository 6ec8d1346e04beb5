import { describe, expect, it } from "vitest";
import { addMicros, formatMicros, MICROS_MAX, parseMicros, parseSignedMicros } from "../../../src/money/index.ts";

describe("amounts in USD, as text", () => {
  it.each([
    ["0", 0],
    ["1.3", 1_300_000],
    ["13.00", 13_000_000],
    ["0.000001", 1],
    ["0.26", 260_000],
    ["9007199254.740991", MICROS_MAX],
  ])("reads %s", (text, micros) => {
    expect(parseMicros(text)).toEqual({ ok: true, value: micros });
  });

  it.each([
    "",
    " ",
    "1 ",
    " 1",
    "+1",
    "-1",
    "1e3",
    "1.",
    ".5",
    "01",
    "1,3",
    "0x1",
    "NaN",
    "Infinity",
    "1.3000000",
    "1.0000000",
    "9007199254.740992",
    "99999999999",
    "١",
    "1\n",
    "1".repeat(1000),
  ])("refuses %j", (text) => {
    const result = parseMicros(text, "limit");
    expect(result.ok).toBe(false);
    if (result.ok) return;
    expect(result.error.field).toBe("limit");
    expect(result.error.value.length).toBeLessThanOrEqual(100);
  });

  it.each([
    [0, "0.000000"],
    [-0, "0.000000"],
    [1, "0.000001"],
    [-1, "-0.000001"],
    [1_300_000, "1.300000"],
    [-1_300_000, "-1.300000"],
    [MICROS_MAX, "9007199254.740991"],
  ])("writes %d with six decimals", (micros, text) => {
    expect(formatMicros(micros)).toBe(text);
  });

  it("throws, rather than rounds, where an amount is not exact", () => {
    expect(() => formatMicros(0.5)).toThrow(RangeError);
    expect(() => formatMicros(Number.NaN)).toThrow(RangeError);
    expect(() => addMicros(MICROS_MAX, 1)).toThrow(RangeError);
    expect(addMicros()).toBe(0);
    expect(addMicros(1, 2, -3)).toBe(0);
  });
});

describe("amounts that may be negative", () => {
  it.each([
    ["1.3", 1_300_000],
    ["-1.3", -1_300_000],
    ["-0.000001", -1],
    ["0", 0],
    ["-0", 0],
    ["-9007199254.740991", -MICROS_MAX],
  ])("reads %s", (text, micros) => {
    const read = parseSignedMicros(text);
    expect(read).toEqual({ ok: true, value: micros });
    expect(read.ok && Object.is(read.value, -0)).toBe(false);
  });

  it.each(["", "-", "--1", "+1", "- 1", "-1e3", "-.5", "-01", "1-", "−1", "-1.0000000", "-9007199254.740992"])(
    "refuses %j, and says what it was",
    (text) => {
      expect(parseSignedMicros(text, "amount")).toMatchObject({
        ok: false,
        error: { field: "amount", value: JSON.stringify(text) },
      });
    },
  );
});
