import { createRoute } from "@hono/zod-openapi";
import { manageAccess } from "./access.ts";
import { refuseStaleSelf } from "./fresh-session.ts";
import { MemberParams } from "./known-member.ts";
import { linkForPerson, LinkSchema } from "./link-for-person.ts";
import type { ManagementApp } from "./management-app.ts";
import { ownMember } from "./own-member.ts";
import { refuse } from "./problem.ts";
import { answers201 } from "./responses.ts";

const route = createRoute({
  method: "post",
  path: "/tenants/{tenant}/members/{person}/links",
  summary: "Make a sign-in link for a member",
  description:
    "Shown this once; works once, for 15 minutes. Only for somebody whose every place is yours to give, since whoever has the link is that person; " +
    "for others an operator makes one.",
  tags: ["people"],
  ...manageAccess,
  request: { params: MemberParams },
  responses: answers201(LinkSchema, "The link"),
});

export const createMemberLink = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const known = await ownMember(c, c.req.valid("param"));
    if (!known.ok) return refuse(c, known.error);
    const stale = refuseStaleSelf(c, known.value.id);
    if (stale) return refuse(c, stale);
    return c.json(await linkForPerson(c, known.value.id), 201, { "cache-control": "no-store" });
  });
};
