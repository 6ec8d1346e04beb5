import { createRoute } from "@hono/zod-openapi";
import { sessionAccess } from "./access.ts";
import type { ManagementApp } from "./management-app.ts";
import { NOT_A_PERSON, personOf } from "./person-of.ts";
import { refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";
import { SessionSchema, toSession } from "./session-shape.ts";

const route = createRoute({
  method: "get",
  path: "/session",
  summary: "Who am I",
  description: "An operator without places sees every tenant by `GET /v1/tenants`.",
  tags: ["sign-in"],
  ...sessionAccess,
  responses: answers200(SessionSchema, "Who is signed in"),
});

export const getSession = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const session = personOf(c);
    if (!session) return refuse(c, NOT_A_PERSON);
    return c.json(await toSession(c.get("services").control, session), 200, { "cache-control": "no-store" });
  });
};
