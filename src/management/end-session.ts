import { createRoute, z } from "@hono/zod-openapi";
import * as people from "../people/index.ts";
import { sessionAccess } from "./access.ts";
import type { ManagementApp } from "./management-app.ts";
import { NOT_A_PERSON, personOf } from "./person-of.ts";
import { problemResponse, refuse } from "./problem.ts";
import { clearSessionCookie } from "./signing-in.ts";

const SessionId = z.string().regex(/^(current|[0-9a-f]{16})$/, "must be a session's id, or current");

const route = createRoute({
  method: "delete",
  path: "/sessions/{session_id}",
  summary: "End one of the own sessions",
  description: "`current` is the one that asks: signing out.",
  tags: ["sign-in"],
  ...sessionAccess,
  request: { params: z.object({ session_id: SessionId }) },
  responses: { 204: { description: "Ended" }, default: problemResponse },
});

export const endSession = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const session = personOf(c);
    if (!session) return refuse(c, NOT_A_PERSON);
    const { session_id } = c.req.valid("param");
    const id = session_id === "current" ? session.id : session_id;
    const ended = await people.endSession(c.get("services").control, id, session.person.id);
    if (!ended) return refuse(c, { code: "not_found", message: `session ${id} does not exist` });
    if (id === session.id) clearSessionCookie(c);
    return c.body(null, 204);
  });
};
