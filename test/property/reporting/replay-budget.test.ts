import fc from "fast-check";
import { expect, test } from "vitest";
import { windowAt } from "../../../src/ledger/windows.ts";
import { replayBudget, type CountedJob } from "../../../src/reporting/replay-budget.ts";

const FROM = Date.UTC(2026, 2, 2);
const HOUR_MS = 3_600_000;

/** Jobs that ask one after the other; each is charged, held, or gives its hold back some time later. */
const asked = fc.array(
  fc.record({
    gap: fc.oneof(fc.constant(0), fc.nat(HOUR_MS), fc.nat(9 * HOUR_MS)),
    priceMicros: fc.integer({ min: 1, max: 50 }),
    runs: fc.option(fc.nat(3 * HOUR_MS), { nil: null }),
  }),
  { maxLength: 60 },
);
const kinds = fc.constantFrom("day" as const, "week" as const, "total" as const);
const zones = fc.constantFrom("UTC", "Europe/Berlin", "Asia/Kathmandu");

interface Admitted {
  jobs: CountedJob[];
  /** The most that any window had used at any moment. */
  peak: number;
}

/** A ledger, as plainly as can be: what a window has used is counted afresh for each job. */
function admitAll(
  gaps: readonly { gap: number; priceMicros: number; runs: number | null }[],
  limit: number,
  windowOf: (at: number) => { id: string },
  used: number,
): Admitted {
  const jobs: CountedJob[] = [];
  let at = FROM;
  let peak = used;
  for (const [index, { gap, priceMicros, runs }] of gaps.entries()) {
    at += gap;
    const { id } = windowOf(at);
    const counted = jobs.filter(
      (job) => windowOf(job.admittedAt).id === id && !(job.givenBackAt !== null && job.givenBackAt <= at),
    );
    const before = counted.reduce((sum, job) => sum + job.priceMicros, id === windowOf(FROM).id ? used : 0);
    if (before + priceMicros > limit) continue;
    peak = Math.max(peak, before + priceMicros);
    jobs.push({
      id: String(index).padStart(3, "0"),
      model: "m",
      admittedAt: at,
      priceMicros,
      givenBackAt: runs === null ? null : at + runs,
    });
  }
  return { jobs, peak };
}

test("the limit that stood refuses nothing that it admitted, and neither does any that is at least what was used", () => {
  fc.assert(
    fc.property(asked, fc.nat(400), fc.nat(100), fc.nat(100), kinds, zones, (gaps, limit, used, more, kind, zone) => {
      const windowOf = (at: number) => windowAt(kind, at, zone);
      const { jobs, peak } = admitAll(gaps, limit, windowOf, used);
      for (const limitMicros of [limit, peak, peak + more]) {
        const windows = replayBudget(jobs, { limitMicros, windowOf, from: FROM, usedMicros: used });
        expect(windows.flatMap(({ refused }) => refused)).toEqual([]);
      }
    }),
  );
});

test("under any limit, what a replay admits is what a ledger with that limit would have, job by job", () => {
  fc.assert(
    fc.property(asked, fc.nat(400), fc.nat(100), kinds, zones, (gaps, limit, used, kind, zone) => {
      const windowOf = (at: number) => windowAt(kind, at, zone);
      const all = admitAll(gaps, Number.MAX_SAFE_INTEGER, windowOf, used).jobs;
      const kept = new Set(admitAll(gaps, limit, windowOf, used).jobs.map(({ id }) => id));
      const windows = replayBudget(all, { limitMicros: limit, windowOf, from: FROM, usedMicros: used });
      const refused = windows.flatMap((window) => window.refused.map(({ id }) => id));
      expect(refused).toEqual(all.filter(({ id }) => !kept.has(id)).map(({ id }) => id));
      const sum = (of: readonly CountedJob[]) => of.reduce((micros, { priceMicros }) => micros + priceMicros, 0);
      expect(windows.reduce((micros, { priceMicros }) => micros + priceMicros, 0)).toBe(sum(all));
      expect(windows.reduce((micros, { refusedMicros }) => micros + refusedMicros, 0)).toBe(
        sum(all.filter(({ id }) => !kept.has(id))),
      );
    }),
  );
});
