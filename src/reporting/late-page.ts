/** Jobs of D1 that one read looks at, the first in its order: neither a page nor a total goes beyond them. */
export const JOBS_READ_MAX = 10_000;

/** Rows that were found, and those of D1 that were looked at for them. */
export interface Counted {
  total: number;
  looked: number;
}

export interface PageSpan {
  limit: number;
  offset: number;
}

/** Which rows of D1's own order a page may need: as many more as there are late ones that may stand before them. */
export const spanOf = ({ limit, offset }: PageSpan, late: number): PageSpan => {
  const from = Math.max(0, offset - late);
  return { offset: from, limit: offset + limit - from };
};

/**
 * The page of D1's rows and the late ones together. `stored`: the rows of `spanOf`, in order; `late`: all late rows. A
 * late row that stands before the span is counted as if it stood at its beginning, which is still before the page.
 */
export function pageWith<Row>(
  stored: readonly Row[],
  late: readonly Row[],
  compare: (a: Row, b: Row) => number,
  { limit, offset }: PageSpan,
): Row[] {
  const from = offset - spanOf({ limit, offset }, late.length).offset;
  return [...stored, ...late].toSorted(compare).slice(from, from + limit);
}
