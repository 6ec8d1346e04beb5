import { z } from "zod";
import { showValue } from "../catalog/index.ts";
import type { FieldIssue, Refusal } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import { invalid } from "./reply.ts";

/** Checks a body or query of ours; the refusal names every wrong field, its rule and what it was. */
export function checkFields<T>(schema: z.ZodType<T>, given: Record<string, unknown>): Result<T, Refusal> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return ok(parsed.data);
  const issues = parsed.error.issues.map(({ path, message }): FieldIssue => {
    const field = path.join(".");
    return { field, rule: message, value: showValue(given[String(path[0])]) };
  });
  return err(invalid(issues));
}

/** A field that may be missing, null or empty. */
export const optional = <T>(schema: z.ZodType<T>) =>
  z.preprocess((value) => (value === null || value === "" ? undefined : value), schema.optional());

const whole = (min: number, max: number, rule: string) => z.coerce.number(rule).int(rule).min(min, rule).max(max, rule);

const PAGE_SIZE = 100;

/** WaveSpeed's pages; numbers may come as text. */
export const pageFields = {
  page: optional(whole(1, Number.MAX_SAFE_INTEGER, "must be a whole number from 1")),
  page_size: optional(whole(1, PAGE_SIZE, `must be a whole number from 1 to ${PAGE_SIZE}`)),
};

export interface Page {
  page: number;
  limit: number;
  offset: number;
}

/** Where a page begins; refused beyond `rowsMax`. `narrow`: what to do then. */
export function pageOf(
  fields: { page?: number | undefined; page_size?: number | undefined },
  rowsMax: number,
  narrow: string,
): Result<Page, Refusal> {
  const { page = 1, page_size: limit = PAGE_SIZE } = fields;
  const offset = (page - 1) * limit;
  const rule = `must begin within the first ${rowsMax} of the list: ${narrow}`;
  return offset < rowsMax ? ok({ page, limit, offset }) : err(invalid([{ field: "page", rule, value: String(page) }]));
}

/** Nothing is on this page of what was looked at, and not all was. */
export function refusePage({ page }: Page, narrow: string): Refusal {
  const rule = `must begin within what was found, and more jobs are in the span than are looked at: ${narrow}`;
  return invalid([{ field: "page", rule, value: String(page) }]);
}

const INSTANT = "must be an RFC 3339 time or epoch milliseconds";

/** RFC 3339, or epoch milliseconds as a number or as digits; gives epoch ms. */
export const instantField = z.union([z.string(), z.number()], INSTANT).transform((value, context) => {
  const at = typeof value === "number" || /^\d{1,16}$/.test(value) ? Number(value) : Date.parse(value);
  if (Number.isSafeInteger(at) && at >= 0) return at;
  context.addIssue({ code: "custom", message: INSTANT });
  return z.NEVER;
});

export const textField = (charactersMax: number) => {
  const rule = `must be a text of at most ${charactersMax} characters`;
  return z.string(rule).max(charactersMax, rule);
};
