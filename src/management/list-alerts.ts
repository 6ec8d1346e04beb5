import { createRoute } from "@hono/zod-openapi";
import * as settings from "../settings/index.ts";
import { operatorAccess } from "./access.ts";
import { alertCursor, alertPlace, AlertSchema, toAlert } from "./alert-shape.ts";
import type { ManagementApp } from "./management-app.ts";
import { pageOf, PageQuery } from "./page.ts";
import { invalidFields, refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";

const route = createRoute({
  method: "get",
  path: "/alerts",
  summary: "List what an operator must look at, the last raised first",
  description: "The same kind and subject again raises `count` and moves it to the front.",
  tags: ["alerts"],
  ...operatorAccess,
  request: { query: PageQuery },
  responses: answers200(pageOf(AlertSchema), "A page of alerts"),
});

export const listAlerts = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const { limit, cursor } = c.req.valid("query");
    const after = alertPlace(cursor);
    if (!after.ok) return refuse(c, invalidFields([after.error]));
    const found = await settings.listAlerts(c.get("services").control, { after: after.value, limit: limit + 1 });
    const page = found.slice(0, limit);
    const last = found.length > limit ? page.at(-1) : undefined;
    return c.json({ data: page.map(toAlert), next_cursor: last ? alertCursor(last) : null }, 200);
  });
};
