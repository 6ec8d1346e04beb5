import { z } from "zod";

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
export const SPAN_MS_MAX = 30 * 86_400_000;

/** Accepts `250ms`, `30s`, `5m`, `24h`, `2d` or a number of milliseconds; gives milliseconds. */
export const timeSpan = z.union([z.string(), z.number()]).transform((value, context) => {
  const span = typeof value === "number" ? value : parse(value);
  if (Number.isInteger(span) && span >= 0 && span <= SPAN_MS_MAX) return span;
  context.addIssue({
    code: "custom",
    message: `must be a time such as 250ms, 30s, 5m or 24h, at most 30 days; was ${JSON.stringify(value)}`,
  });
  return z.NEVER;
});

function parse(text: string): number {
  const match = /^(\d+)(ms|s|m|h|d)?$/.exec(text.trim());
  return match === null ? Number.NaN : Number(match[1]) * (UNIT_MS[match[2] ?? "ms"] ?? Number.NaN);
}
