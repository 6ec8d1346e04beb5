import * as fc from "fast-check";
import { expect, test } from "vitest";
import { decodeJobsCursor, encodeJobsCursor } from "../../../src/reporting/jobs-cursor.ts";

const hex = [..."0123456789abcdef"];
const id = fc.array(fc.constantFrom(...hex), { minLength: 32, maxLength: 32 }).map((digits) => digits.join(""));
const place = fc.record({ admittedAt: fc.integer({ min: 1, max: 4_000_000_000_000 }), id });

test("a cursor comes back as the place it was made of, in characters that a URL takes as they are", () => {
  fc.assert(
    fc.property(place, (at) => {
      const cursor = encodeJobsCursor(at);
      expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/);
      expect(decodeJobsCursor(cursor)).toEqual(at);
    }),
  );
});

test("what is not a cursor is null, and never throws", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => decodeJobsCursor(text) === null));
  for (const text of ["", "0", "-1.5", "1." + "G".repeat(32), "0." + "a".repeat(32), "1." + "a".repeat(31)]) {
    expect(decodeJobsCursor(btoa(text).replaceAll("=", ""))).toBeNull();
  }
});
