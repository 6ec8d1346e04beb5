import { createRoute } from "@hono/zod-openapi";
import { findPersonById, signOut } from "../people/index.ts";
import { operatorAccess } from "./access.ts";
import type { ManagementApp } from "./management-app.ts";
import { PersonParams, unknownPerson } from "./person-shape.ts";
import { refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";
import { SignedOutSchema, SignOutQuery } from "./sign-out-shape.ts";
import { tellOfPasskeys } from "./tell-of-passkeys.ts";

const route = createRoute({
  method: "delete",
  path: "/people/{person}/sessions",
  summary: "Sign a person out everywhere",
  description: "All sessions and open links end at once, and with `passkeys` those, too.",
  tags: ["people"],
  ...operatorAccess,
  request: { params: PersonParams, query: SignOutQuery },
  responses: answers200(SignedOutSchema, "What was ended"),
});

export const signOutPerson = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const { control, now } = c.get("services");
    const { person } = c.req.valid("param");
    if (!(await findPersonById(control, person))) return refuse(c, unknownPerson(person));
    const passkeys = c.req.valid("query").passkeys === "true";
    const ended = await signOut(control, { person, passkeys }, now());
    if (ended.passkeys > 0) tellOfPasskeys(c, person, "an operator deleted all your passkeys");
    return c.json(ended, 200);
  });
};
