import { z } from "@hono/zod-openapi";
import type { FieldIssue } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import { shownValue } from "./shown-value.ts";

const PAGE_ROWS_MAX = 100;
const PAGE_ROWS_DEFAULT = 50;

/** The query of every list. */
export const pageFields = {
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(PAGE_ROWS_MAX)
    .default(PAGE_ROWS_DEFAULT)
    .openapi({
      type: "integer",
      description: `Rows of this page, 1 to ${PAGE_ROWS_MAX}`,
    }),
  cursor: z.string().min(1).max(200).optional().openapi({ description: "next_cursor of the page before" }),
};

/** `next_cursor` null: there are no more. */
export const pageOf = <Row extends z.ZodType>(row: Row) =>
  z.object({ data: z.array(row), next_cursor: z.string().nullable() });

export const PageQuery = z.strictObject(pageFields);

/** A cursor is the last id of a page, in base64url: opaque to clients. */
export const encodeCursor = (lastId: string): string => Buffer.from(lastId).toString("base64url");

/** The id to go on after; "" without a cursor. Refuses what `encodeCursor` cannot have made. */
export function decodeCursor(cursor: string | undefined): Result<string, FieldIssue> {
  if (cursor === undefined) return ok("");
  const id = Buffer.from(cursor, "base64url").toString();
  const ours = id !== "" && encodeCursor(id) === cursor;
  return ours
    ? ok(id)
    : err({ field: "cursor", rule: "must be a next_cursor of this list", value: shownValue(cursor) });
}

/** A page of rows of which one more than asked for was read, to see whether there are more. */
export function cutPage<Row extends { id: string }>(
  rows: readonly Row[],
  limit: number,
): { rows: Row[]; next: string | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { rows: page, next: rows.length > limit && last ? encodeCursor(last.id) : null };
}

/** A page of a list that is at hand as a whole: by id, from the first id after `after`. */
export function pageById<Row extends { id: string }>(all: readonly Row[], after: string, limit: number) {
  const rest = all.filter((row) => row.id > after).sort((a, b) => (a.id < b.id ? -1 : 1));
  return cutPage(rest, limit);
}
