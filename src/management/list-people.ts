import { createRoute } from "@hono/zod-openapi";
import * as people from "../people/index.ts";
import { operatorAccess } from "./access.ts";
import type { ManagementApp } from "./management-app.ts";
import { cutPage, decodeCursor, pageOf, PageQuery } from "./page.ts";
import { PersonSchema, toPerson } from "./person-shape.ts";
import { invalidFields, refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";

const route = createRoute({
  method: "get",
  path: "/people",
  summary: "List everybody who may sign in, by id",
  description: "Disabled ones too.",
  tags: ["people"],
  ...operatorAccess,
  request: { query: PageQuery },
  responses: answers200(pageOf(PersonSchema), "A page of people"),
});

export const listPeople = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const { limit, cursor } = c.req.valid("query");
    const after = decodeCursor(cursor);
    if (!after.ok) return refuse(c, invalidFields([after.error]));
    const { control } = c.get("services");
    const page = cutPage(await people.listPeople(control, { after: after.value, limit: limit + 1 }), limit);
    return c.json({ data: page.rows.map(toPerson), next_cursor: page.next }, 200);
  });
};
