import { createRoute, z } from "@hono/zod-openapi";
import * as people from "../people/index.ts";
import { sessionAccess } from "./access.ts";
import { refuseStale } from "./fresh-session.ts";
import type { ManagementApp } from "./management-app.ts";
import { PasskeyIdField } from "./passkey-shape.ts";
import { NOT_A_PERSON, personOf } from "./person-of.ts";
import { problemResponse, refuse } from "./problem.ts";
import { oneLine, tellOfPasskeys } from "./tell-of-passkeys.ts";

const route = createRoute({
  method: "delete",
  path: "/passkeys/{passkey_id}",
  summary: "Delete one of the own passkeys",
  description:
    "Within 10 minutes of signing in; its person is mailed. Sessions that it began stay: end them with `DELETE /v1/sessions/{session_id}`.",
  tags: ["sign-in"],
  ...sessionAccess,
  request: { params: z.object({ passkey_id: PasskeyIdField }) },
  responses: { 204: { description: "Deleted" }, default: problemResponse },
});

export const deletePasskey = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const session = personOf(c);
    if (!session) return refuse(c, NOT_A_PERSON);
    const stale = refuseStale(c, session);
    if (stale) return refuse(c, stale);
    const { passkey_id: id } = c.req.valid("param");
    const deleted = await people.deletePasskey(c.get("services").control, session.person.id, id);
    if (deleted === null) return refuse(c, { code: "not_found", message: "you have no passkey of this id" });
    tellOfPasskeys(c, session.person.id, `the passkey named "${oneLine(deleted)}" was deleted`);
    return c.body(null, 204);
  });
};
