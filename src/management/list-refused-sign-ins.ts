import { createRoute, z } from "@hono/zod-openapi";
import type { FieldIssue } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import { listRefusals, REFUSAL_ROWS_MAX, REFUSAL_TRIES_MAX, SIGN_IN_WAYS, type RefusalPlace } from "../people/index.ts";
import { operatorAccess } from "./access.ts";
import { InstantOut, toInstant } from "./fields.ts";
import type { ManagementApp } from "./management-app.ts";
import { decodeCursor, encodeCursor, pageOf, PageQuery } from "./page.ts";
import { invalidFields, refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";
import { shownValue } from "./shown-value.ts";

export const RefusedSignInsSchema = z
  .object({
    hour: InstantOut,
    source: z
      .string()
      .nullable()
      .openapi({
        description: `Address, of IPv6 the network; null: of addresses beyond the first ${REFUSAL_ROWS_MAX} rows of the hour`,
      }),
    way: z.enum(SIGN_IN_WAYS),
    reason: z.string().openapi({ example: "throttled" }),
    tries: z
      .number()
      .int()
      .openapi({ description: `Counted to ${REFUSAL_TRIES_MAX}` }),
    last_at: InstantOut,
  })
  .openapi("RefusedSignIns");

const route = createRoute({
  method: "get",
  path: "/refused-sign-ins",
  summary: "List who was refused to sign in, the last hour first",
  description: "By hour, address, way and reason, for 7 days.",
  tags: ["people"],
  ...operatorAccess,
  request: { query: PageQuery },
  responses: answers200(pageOf(RefusedSignInsSchema), "A page of counts"),
});

export const listRefusedSignIns = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const { limit, cursor } = c.req.valid("query");
    const after = placeOf(cursor);
    if (!after.ok) return refuse(c, invalidFields([after.error]));
    const rows = await listRefusals(c.get("services").control, { after: after.value, limit: limit + 1 });
    const page = rows.slice(0, limit);
    const last = rows.length > limit ? page.at(-1) : undefined;
    const next = last ? encodeCursor([last.hour, last.source, last.way, last.reason].join(" ")) : null;
    const data = page.map(({ hour, source, way, reason, tries, lastAt }) => ({
      hour: toInstant(hour),
      source: source === "" ? null : source,
      way,
      reason,
      tries,
      last_at: toInstant(lastAt),
    }));
    return c.json({ data, next_cursor: next }, 200);
  });
};

const WAYS = new Map<string, RefusalPlace["way"]>(SIGN_IN_WAYS.map((way) => [way, way]));

function placeOf(cursor: string | undefined): Result<RefusalPlace | null, FieldIssue> {
  const text = decodeCursor(cursor);
  if (!text.ok) return text;
  if (text.value === "") return ok(null);
  const [, hour, source = "", way = "", reason = ""] = /^(\d{1,15}) ([\w.:]*) (\w+) (\w+)$/.exec(text.value) ?? [];
  const known = WAYS.get(way);
  if (hour !== undefined && known) return ok({ hour: Number(hour), source, way: known, reason });
  return err({ field: "cursor", rule: "must be a next_cursor of this list", value: shownValue(cursor) });
}
