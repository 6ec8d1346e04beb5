import { z } from "zod";

/** A moment as RFC 3339 text or as epoch milliseconds (a number or digits); gives milliseconds. */
export const instant = z.union([z.string(), z.number()]).transform((value, context) => {
  const digits = typeof value === "number" || /^\d+$/.test(value);
  const time = digits ? Number(value) : Date.parse(String(value));
  if (Number.isFinite(time)) return time;
  context.addIssue({
    code: "custom",
    message: `must be an RFC 3339 time or epoch milliseconds, was ${JSON.stringify(value)}`,
  });
  return z.NEVER;
});
