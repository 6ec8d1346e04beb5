import { createRoute } from "@hono/zod-openapi";
import * as people from "../people/index.ts";
import { operatorAccess } from "./access.ts";
import type { ManagementApp } from "./management-app.ts";
import { pageOf, PageQuery } from "./page.ts";
import { peoplePage } from "./people-page.ts";
import { PersonSchema, toPerson } from "./person-shape.ts";
import { refuse } from "./problem.ts";
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
    const services = c.get("services");
    const page = await peoplePage(services, null, c.req.valid("query"), (asked) =>
      people.listPeople(services.control, asked),
    );
    if (!page.ok) return refuse(c, page.error);
    return c.json({ data: page.value.rows.map(toPerson), next_cursor: page.value.next }, 200);
  });
};
