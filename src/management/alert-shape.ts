import { z } from "@hono/zod-openapi";
import type { FieldIssue } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import type { AlertPlace, RaisedAlert } from "../settings/index.ts";
import { InstantOut, toInstant } from "./fields.ts";
import { decodeCursor, encodeCursor } from "./page.ts";
import { shownValue } from "./shown-value.ts";

export const AlertSchema = z
  .object({
    id: z.string(),
    kind: z.string(),
    subject: z.string().openapi({ description: "What it is about: a job, a model, an account" }),
    message: z.string(),
    count: z.number().int().openapi({ description: "How often it was raised" }),
    first_at: InstantOut,
    last_at: InstantOut,
  })
  .openapi("Alert");

export const toAlert = ({ firstAt, lastAt, ...alert }: RaisedAlert): z.infer<typeof AlertSchema> => ({
  ...alert,
  first_at: toInstant(firstAt),
  last_at: toInstant(lastAt),
});

export const alertCursor = ({ lastAt, id }: AlertPlace): string => encodeCursor(`${lastAt} ${id}`);

/** Null: without a cursor. */
export function alertPlace(cursor: string | undefined): Result<AlertPlace | null, FieldIssue> {
  const text = decodeCursor(cursor);
  if (!text.ok || text.value === "") return text.ok ? ok(null) : text;
  const [, lastAt, id] = /^(\d{1,15}) ([0-9A-Za-z-]{1,40})$/.exec(text.value) ?? [];
  if (lastAt !== undefined && id !== undefined) return ok({ lastAt: Number(lastAt), id });
  return err({ field: "cursor", rule: "must be a next_cursor of this list", value: shownValue(cursor) });
}
