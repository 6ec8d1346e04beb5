import { createRoute } from "@hono/zod-openapi";
import { seeAccess } from "./access.ts";
import { knownMember, MemberParams, unknownMember } from "./known-member.ts";
import type { ManagementApp } from "./management-app.ts";
import { MemberSchema, toMember } from "./member-shape.ts";
import { refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";
import { teamOf } from "./services.ts";

const route = createRoute({
  method: "get",
  path: "/tenants/{tenant}/members/{person}",
  summary: "Show somebody with a place in a tenant",
  description: "A member sees the own team.",
  tags: ["people"],
  ...seeAccess,
  request: { params: MemberParams },
  responses: answers200(MemberSchema, "The member"),
});

export const getMember = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const params = c.req.valid("param");
    const known = await knownMember(c.get("services"), params);
    if (!known.ok) return refuse(c, known.error);
    const team = teamOf(c.get("principal"));
    const isSeen = team === null || known.value.team === team;
    return isSeen ? c.json(toMember(known.value), 200) : refuse(c, unknownMember(params.person));
  });
};
