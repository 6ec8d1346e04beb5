import { placeOf } from "./fair-turn.ts";
import { isWaiting, lineOf, readTurns } from "./line-store.ts";
import type { PermitCall, QueuePlace } from "./types.ts";

/** Jobs of a tenant whose places are counted one by one; those behind are told the last place of its line. */
const PLACES_MAX = 1_000;

/** The places of those of the call's jobs that wait. `gapMs`: the smoothed time between two grants, if there were two. */
export function placesOf(
  sql: SqlStorage,
  gapMs: number | null,
  { tracker, jobs }: PermitCall,
  now: number,
): Record<string, QueuePlace> {
  const turns = readTurns(sql);
  const own = turns.find(({ tenant }) => tenant === tracker.tenant);
  if (!own) return {};
  const ahead = new Map(lineOf(sql, tracker.tenant, PLACES_MAX).map((jobId, index) => [jobId, index]));
  const places = jobs.flatMap(({ jobId }) => {
    const isFar = !ahead.has(jobId) && own.waiting > PLACES_MAX && isWaiting(sql, jobId);
    const before = isFar ? own.waiting - 1 : ahead.get(jobId);
    if (before === undefined) return [];
    const position = placeOf(own, before, turns);
    return [[jobId, { position, expectedStart: gapMs === null ? null : Math.round(now + position * gapMs) }] as const];
  });
  return Object.fromEntries(places);
}
