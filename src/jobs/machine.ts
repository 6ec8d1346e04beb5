import type { Job } from "./job.ts";
import { answerOf, type JobEvent } from "./machine/event.ts";
import type { Case, Change } from "./machine/row.ts";
import { ROWS, type TableRow } from "./machine/table.ts";
import type { Pace } from "./pace.ts";

export type { JobEvent } from "./machine/event.ts";
export { EXPIRED_MS, QUEUED_MS_MAX } from "./machine/limits.ts";
export { isBeingGivenUp, isGivenUp, isUnclear } from "./machine/unclear.ts";
export { provesNothing, secondWalk } from "./machine/walks.ts";

/** The pure state machine: what the event does to the row, as the table has it. */
export function transition(job: Job, event: JobEvent, now: number, pace: Pace): Change {
  const { row } = rowFor(job, event, now, pace);
  if ("ignored" in row) return {};
  const given: Case<JobEvent> = { job, event, now, pace };
  const { to, settle, change } = row;
  return {
    ...change(given),
    ...(to === undefined || to === job.state ? {} : { state: to }),
    ...(settle ? { settlement: settlementOf(settle, given), outcome: settle.outcome } : {}),
  };
}

/** The one row of the table that counts. */
export function rowFor(job: Job, event: JobEvent, now: number, pace: Pace): TableRow {
  const answer = answerOf(event);
  const given: Case<JobEvent> = { job, event, now, pace };
  const fits = (row: TableRow): boolean =>
    (row.answer === null || row.answer === answer) && (row.when === null || row.when.holds(given));
  const found = BY_PLACE.get(placeOf(job.state, event.kind))?.find(fits);
  if (!found) throw new Error(`no row for ${event.kind} in ${job.state}`);
  return found;
}

const placeOf = (state: Job["state"], event: JobEvent["kind"]): string => `${state} ${event}`;

const BY_PLACE = Map.groupBy(ROWS, ({ state, event }) => placeOf(state, event));

const settlementOf = (
  settle: NonNullable<Extract<TableRow["row"], { effect: string }>["settle"]>,
  given: Case<JobEvent>,
): NonNullable<Job["settlement"]> => ({
  action: settle.action,
  outcome: settle.outcome,
  ...settle.because(given),
});
