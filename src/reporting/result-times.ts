/**
 * Times to result are kept as a histogram, since a sum has no median: how many completed jobs took less than each of
 * these, and not less than the one before; the last bucket has no end. Milliseconds from admission to end.
 */
export const RESULT_MS_EDGES = [
  15_000,
  30_000,
  60_000,
  120_000,
  180_000,
  300_000,
  600_000,
  1_200_000,
  3_600_000,
  Infinity,
] as const;

/** The columns of the buckets, in the order of the edges. */
export const RESULT_COLUMNS = [
  "results_15s",
  "results_30s",
  "results_1m",
  "results_2m",
  "results_3m",
  "results_5m",
  "results_10m",
  "results_20m",
  "results_1h",
  "results_more",
] as const;

/** Which bucket a time to result is counted in. */
export const bucketOfResult = (ms: number): number => RESULT_MS_EDGES.findIndex((edge) => ms < edge);

/**
 * About how long the fastest `share` (0 to 1) of the jobs took at most, as if each bucket were filled evenly. Null: there
 * are none. Of the last bucket, which has no end, only its beginning is known.
 */
export function resultQuantile(counts: readonly number[], share: number): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  let left = total * share;
  for (const [bucket, count] of counts.entries()) {
    const from = bucket === 0 ? 0 : (RESULT_MS_EDGES[bucket - 1] ?? 0);
    const to = RESULT_MS_EDGES[bucket] ?? Infinity;
    if (count > 0 && left <= count) return to === Infinity ? from : Math.round(from + ((to - from) * left) / count);
    left -= count;
  }
  return null;
}
