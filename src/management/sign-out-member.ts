import { createRoute } from "@hono/zod-openapi";
import { signOut } from "../people/index.ts";
import { manageAccess } from "./access.ts";
import { MemberParams } from "./known-member.ts";
import type { ManagementApp } from "./management-app.ts";
import { ownMember } from "./own-member.ts";
import { refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";
import { SignedOutSchema, SignOutQuery } from "./sign-out-shape.ts";
import { tellOfPasskeys } from "./tell-of-passkeys.ts";

const route = createRoute({
  method: "delete",
  path: "/tenants/{tenant}/members/{person}/sessions",
  summary: "Sign a member out everywhere",
  description:
    "All sessions and open links end at once, and with `passkeys` those, too. Only for somebody whose every place is yours to give; " +
    "for others an operator does it.",
  tags: ["people"],
  ...manageAccess,
  request: { params: MemberParams, query: SignOutQuery },
  responses: answers200(SignedOutSchema, "What was ended"),
});

export const signOutMember = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const { control, now } = c.get("services");
    const known = await ownMember(c, c.req.valid("param"));
    if (!known.ok) return refuse(c, known.error);
    const { id: person } = known.value;
    const passkeys = c.req.valid("query").passkeys === "true";
    const ended = await signOut(control, { person, passkeys }, now());
    if (ended.passkeys > 0) tellOfPasskeys(c, person, "whoever manages your tenant deleted all your passkeys");
    return c.json(ended, 200);
  });
};
