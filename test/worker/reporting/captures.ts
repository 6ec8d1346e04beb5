import * as fc from "fast-check";
import type { JournalEntry } from "../../../src/ledger/journal-entry.ts";
import { localDay } from "../../../src/ledger/windows.ts";
import type { DayUsage, HourlyQuery } from "../../../src/reporting/index.ts";
import { completedJobs, journalOf, type JobPlan } from "./journals.ts";

const HOUR_MS = 3_600_000;
/** Two days before clocks go back in Europe. */
const START = Date.UTC(2026, 9, 23);

/** The ends of the world, half and quarter hours, and a day of 25 hours. */
export const ZONES = [
  "UTC",
  "Etc/GMT+12",
  "Pacific/Kiritimati",
  "Asia/Kolkata",
  "Asia/Kathmandu",
  "America/St_Johns",
  "Europe/Berlin",
  "Pacific/Chatham",
] as const;

/** A journal of completed jobs, each held and captured at the given time, as a ledger of the zone would name the day. */
export const capturedAt = (
  tenant: string,
  zone: string,
  times: readonly number[],
  facts: Partial<JobPlan["facts"]> = {},
): JournalEntry[] =>
  inZone(
    completedJobs(
      tenant,
      times.map(() => facts),
    ),
    zone,
    times.flatMap((at) => [at, at]),
  );

const inZone = (entries: readonly JournalEntry[], zone: string, times: readonly number[]): JournalEntry[] =>
  entries.map((entry, index) => {
    const at = times[index] ?? entry.at;
    return { ...entry, at, localDay: localDay(at, zone) };
  });

const end = fc.record({
  at: fc.nat({ max: 5 * 24 * HOUR_MS }).map((ms) => START + ms),
  facts: fc.record({
    mode: fc.constantFrom("live" as const, "test" as const),
    keyId: fc.constantFrom("key_a", "key_b"),
    team: fc.constantFrom(null, "red"),
    model: fc.constantFrom("m", "n/o"),
    priceMicros: fc.oneof(fc.nat({ max: 3 }), fc.constant(2 ** 47 + 1)),
  }),
  last: fc.constantFrom<JobPlan["steps"]>(
    [{ capture: "completed" }],
    [{ capture: "cancelled" }],
    [{ release: "failed" }],
  ),
});

/** A tenant's zone and up to 40 jobs that end within five days around a change of the clocks. */
export const endsInAZone = fc.record({
  zone: fc.constantFrom(...ZONES),
  ends: fc.array(end, { minLength: 1, maxLength: 40 }),
});

export type EndsInAZone = typeof endsInAZone extends fc.Arbitrary<infer Ends> ? Ends : never;

/** Holds and ends by turns. */
export function journalOfEnds(tenant: string, { zone, ends }: EndsInAZone): JournalEntry[] {
  const [hold] = completedJobs(tenant, [{}]);
  if (hold?.body.kind !== "hold") throw new Error("a journal begins with a hold");
  const common = hold.body.job;
  const plans = ends.map(({ facts, last }): JobPlan => ({ facts: { ...common, ...facts }, steps: ["hold", ...last] }));
  const entries = journalOf(
    tenant,
    plans,
    ends.flatMap((_, job) => [job, job]),
  );
  return inZone(
    entries,
    zone,
    ends.flatMap(({ at }) => [at, at]),
  );
}

/** Hours of the five days, in any order, and of days around them. */
export const spanOfHours = fc
  .tuple(fc.integer({ min: -30 * 60, max: 150 * 60 }), fc.nat({ max: 180 * 60 }))
  .map(([from, minutes]) => ({ after: START + from * 60_000, before: START + (from + minutes) * 60_000 }));

/** What `hourlyUsage` promises, summed up entry by entry. */
export function usageOfEntries(entries: readonly JournalEntry[], query: Omit<HourlyQuery, "tenant">): DayUsage[] {
  const found = new Map<string, DayUsage>();
  for (const { at, body } of entries) {
    const hour = at - (at % HOUR_MS);
    const isIn = hour >= query.after - (query.after % HOUR_MS) && hour < query.before;
    if (body.kind !== "capture" || body.job.mode !== query.mode || !isIn) continue;
    const { model, priceMicros } = body.job;
    if (query.model !== null && model !== query.model) continue;
    const day = new Date(at).toISOString().slice(0, 10);
    const sum = found.get(`${day} ${model}`) ?? { model, day, jobs: 0, priceMicros: 0, lastHour: 0 };
    found.set(`${day} ${model}`, {
      ...sum,
      jobs: sum.jobs + 1,
      priceMicros: sum.priceMicros + priceMicros,
      lastHour: Math.max(sum.lastHour, hour),
    });
  }
  return [...found].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
}
