import { RESULT_COLUMNS } from "./result-times.ts";

/** Columns that both daily roll-ups sum up. Names of columns, never from a request. */
export const DAY_SUMS = [
  "jobs",
  "seconds",
  "cost_micros",
  "price_micros",
  "failed",
  "cancelled",
  "result_ms",
  ...RESULT_COLUMNS,
] as const;
