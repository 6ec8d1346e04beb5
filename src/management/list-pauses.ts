import { createRoute } from "@hono/zod-openapi";
import { readPauses } from "../settings/index.ts";
import { operatorAccess } from "./access.ts";
import type { ManagementApp } from "./management-app.ts";
import { decodeCursor, pageById, pageOf, PageQuery } from "./page.ts";
import { PauseSchema, toPause } from "./pause-shape.ts";
import { invalidFields, refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";

const route = createRoute({
  method: "get",
  path: "/pauses",
  summary: "List what is stopped, by id",
  tags: ["stops"],
  ...operatorAccess,
  request: { query: PageQuery },
  responses: answers200(pageOf(PauseSchema), "A page of pauses"),
});

export const listPauses = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const { limit, cursor } = c.req.valid("query");
    const after = decodeCursor(cursor);
    if (!after.ok) return refuse(c, invalidFields([after.error]));
    const page = pageById(await readPauses(c.get("services").control), after.value, limit);
    return c.json({ data: page.rows.map(toPause), next_cursor: page.next }, 200);
  });
};
