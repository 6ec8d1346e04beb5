import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RETRY_AFTER_MS_MAX, RETRY_MS, retryAfterOf, retryDelayMs } from "../../../src/webhooks/retry-schedule.ts";

const HOUR = 3_600_000;
const chance = fc.double({ min: 0, max: 1, noNaN: true });

/** When each attempt of a round is made, from its begin. */
function attemptsAt(chances: readonly number[], retryAfterMs: number | null = null): number[] {
  const times = [0];
  for (let tries = 1; ; tries++) {
    const delay = retryDelayMs(tries, retryAfterMs, chances[tries % chances.length] ?? 0);
    if (delay === null) return times;
    times.push((times.at(-1) ?? 0) + delay);
  }
}

describe("the retries of a webhook", () => {
  test("last for 3 days, whatever chance adds, and not for 4", () => {
    fc.assert(
      fc.property(fc.array(chance, { minLength: 1, maxLength: 30 }), (chances) => {
        const last = attemptsAt(chances).at(-1) ?? 0;
        expect(last).toBeGreaterThanOrEqual(72 * HOUR);
        expect(last).toBeLessThan(96 * HOUR);
      }),
    );
  });

  test("find a receiver that is back after any time within 3 days, within 6.6 hours of it", () => {
    fc.assert(
      fc.property(fc.array(chance, { minLength: 1 }), fc.double({ min: 0, max: 72, noNaN: true }), (chances, hours) => {
        const next = attemptsAt(chances).find((at) => at >= hours * HOUR) ?? Infinity;
        expect(next - hours * HOUR).toBeLessThanOrEqual(6.6 * HOUR);
      }),
    );
  });

  test("come ever less often, and are few", () => {
    expect(RETRY_MS).toEqual(RETRY_MS.toSorted((a, b) => a - b));
    expect(RETRY_MS.length).toBeLessThanOrEqual(20);
  });

  test("wait for what the receiver asked for, if that is longer, and not longer than 6 hours", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: RETRY_MS.length }), fc.nat(10 ** 12), chance, (tries, asked, by) => {
        const own = retryDelayMs(tries, null, by) ?? 0;
        const delay = retryDelayMs(tries, asked, by) ?? 0;
        expect(delay).toBe(Math.max(own, Math.min(asked, RETRY_AFTER_MS_MAX)));
      }),
    );
  });
});

test.each([
  [null, null],
  ["120", 120_000],
  ["0", 0],
  ["-5", null],
  ["soon", null],
  ["Sat, 21 Nov 2026 10:05:00 GMT", 300_000],
  ["Sat, 21 Nov 2026 09:00:00 GMT", null],
])("retry-after %j asks for %j ms", (header, ms) => {
  expect(retryAfterOf(header, Date.parse("2026-11-21T10:00:00Z"))).toBe(ms);
});
