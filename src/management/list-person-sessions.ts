import { createRoute } from "@hono/zod-openapi";
import * as people from "../people/index.ts";
import { operatorAccess } from "./access.ts";
import type { ManagementApp } from "./management-app.ts";
import { personOf } from "./person-of.ts";
import { PersonParams, unknownPerson } from "./person-shape.ts";
import { refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";
import { ListedSessionsSchema, toListedSession } from "./session-shape.ts";

const route = createRoute({
  method: "get",
  path: "/people/{person}/sessions",
  summary: "List where a person is signed in, newest first",
  description: "There are 50 at most.",
  tags: ["people"],
  ...operatorAccess,
  request: { params: PersonParams },
  responses: answers200(ListedSessionsSchema, "Where the person is signed in"),
});

export const listPersonSessions = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const { control, now } = c.get("services");
    const { person } = c.req.valid("param");
    if (!(await people.findPersonById(control, person))) return refuse(c, unknownPerson(person));
    const rows = await people.listSessions(control, person, now());
    const own = personOf(c)?.id ?? "";
    return c.json({ data: rows.map((row) => toListedSession(row, own)), next_cursor: null }, 200);
  });
};
