import { createRoute } from "@hono/zod-openapi";
import * as people from "../people/index.ts";
import { sessionAccess } from "./access.ts";
import type { ManagementApp } from "./management-app.ts";
import { NOT_A_PERSON, personOf } from "./person-of.ts";
import { refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";
import { ListedSessionsSchema, toListedSession } from "./session-shape.ts";

const route = createRoute({
  method: "get",
  path: "/sessions",
  summary: "List the own sessions, newest first",
  description: "There are 50 at most.",
  tags: ["sign-in"],
  ...sessionAccess,
  responses: answers200(ListedSessionsSchema, "Where the person is signed in"),
});

export const listSessions = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const session = personOf(c);
    if (!session) return refuse(c, NOT_A_PERSON);
    const { control, now } = c.get("services");
    const rows = await people.listSessions(control, session.person.id, now());
    return c.json({ data: rows.map((row) => toListedSession(row, session.id)), next_cursor: null }, 200);
  });
};
