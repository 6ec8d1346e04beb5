import { createRoute } from "@hono/zod-openapi";
import * as people from "../people/index.ts";
import { sessionAccess } from "./access.ts";
import type { ManagementApp } from "./management-app.ts";
import { PasskeysSchema, toPasskey } from "./passkey-shape.ts";
import { NOT_A_PERSON, personOf } from "./person-of.ts";
import { refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";

const route = createRoute({
  method: "get",
  path: "/passkeys",
  summary: "List the own passkeys, oldest first",
  description: `There are ${people.PASSKEYS_MAX} at most.`,
  tags: ["sign-in"],
  ...sessionAccess,
  responses: answers200(PasskeysSchema, "The own passkeys"),
});

export const listPasskeys = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const session = personOf(c);
    if (!session) return refuse(c, NOT_A_PERSON);
    const keys = await people.listPasskeys(c.get("services").control, session.person.id);
    return c.json({ data: keys.map(toPasskey), next_cursor: null }, 200);
  });
};
