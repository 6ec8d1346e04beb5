import type { JobsCursor } from "./jobs-cursor.ts";
import type { JobNow } from "./late-jobs.ts";
import type { JobsQuery } from "./list-jobs.ts";

type Compare = (a: JobsCursor, b: JobsCursor) => number;

/** The order of a list: the newest first, or by id where ids are looked for. */
export const comparing = ({ idPrefix }: Pick<JobsQuery, "idPrefix">): Compare =>
  idPrefix === undefined ? (a, b) => b.admittedAt - a.admittedAt || byId(b, a) : byId;

const byId: Compare = (a, b) => (a.id === b.id ? 0 : a.id < b.id ? -1 : 1);

export const comesAfter = (job: JobsCursor, after: JobsCursor | null, compare: Compare): boolean =>
  after === null || compare(job, after) > 0;

/** Whether jobs may have to be passed over: the index that is read by time passes none over. */
export const isFiltered = ({ mode, model, status, team, key, ended, idPrefix }: JobsQuery): boolean =>
  [mode, model, status, team, key, ended, idPrefix].some((filter) => filter !== undefined);

/** As `jobs-read.ts` says it in SQL. */
export function fitsQuery(job: JobNow, query: JobsQuery): boolean {
  const { mode, model, status, team, key, ended, from, to, idPrefix } = query;
  return (
    (mode === undefined || job.mode === mode) &&
    (model === undefined || job.model === model) &&
    (status === undefined || job.status === status) &&
    (team === undefined || job.team === team) &&
    (key === undefined || job.keyId === key) &&
    (ended === undefined || (job.endedAt !== null) === ended) &&
    (from === undefined || job.admittedAt >= from) &&
    (to === undefined || job.admittedAt < to) &&
    (idPrefix === undefined || job.id.startsWith(idPrefix))
  );
}
