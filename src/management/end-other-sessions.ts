import { createRoute } from "@hono/zod-openapi";
import { signOut } from "../people/index.ts";
import { sessionAccess } from "./access.ts";
import { refuseStale } from "./fresh-session.ts";
import type { ManagementApp } from "./management-app.ts";
import { NOT_A_PERSON, personOf } from "./person-of.ts";
import { refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";
import { SignedOutSchema, SignOutQuery } from "./sign-out-shape.ts";
import { tellOfPasskeys } from "./tell-of-passkeys.ts";

const route = createRoute({
  method: "delete",
  path: "/sessions",
  summary: "Sign out everywhere else",
  description:
    "Ends the own sessions but this one, and open links. With `passkeys` those, too: within 10 minutes of signing in.",
  tags: ["sign-in"],
  ...sessionAccess,
  request: { query: SignOutQuery },
  responses: answers200(SignedOutSchema, "What was ended"),
});

export const endOtherSessions = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const session = personOf(c);
    if (!session) return refuse(c, NOT_A_PERSON);
    const passkeys = c.req.valid("query").passkeys === "true";
    const stale = passkeys ? refuseStale(c, session) : null;
    if (stale) return refuse(c, stale);
    const { control, now } = c.get("services");
    const ended = await signOut(control, { person: session.person.id, passkeys, keep: session.id }, now());
    if (ended.passkeys > 0) tellOfPasskeys(c, session.person.id, "all your passkeys were deleted");
    return c.json(ended, 200);
  });
};
