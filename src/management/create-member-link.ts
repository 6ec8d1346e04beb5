import { createRoute } from "@hono/zod-openapi";
import { findPersonById, mayLetIn, placesOf } from "../people/index.ts";
import type { Refusal } from "../errors/catalogue.ts";
import { manageAccess } from "./access.ts";
import { knownMember, MemberParams } from "./known-member.ts";
import { linkForPerson, LinkSchema } from "./link-for-person.ts";
import type { ManagementApp } from "./management-app.ts";
import { personOf } from "./person-of.ts";
import { refuse } from "./problem.ts";
import { answers201 } from "./responses.ts";
import { isOperator } from "./services.ts";

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
    const services = c.get("services");
    const params = c.req.valid("param");
    const known = await knownMember(services, params);
    if (!known.ok) return refuse(c, known.error);
    const [person, places] = await Promise.all([
      findPersonById(services.control, params.person),
      placesOf(services.control, params.person),
    ]);
    const maker = {
      operator: isOperator(c.get("principal")),
      memberships: personOf(c)?.memberships ?? [],
    };
    if (!person || !mayLetIn(maker, { operator: person.operator, memberships: places })) return refuse(c, NOT_YOURS);
    return c.json(await linkForPerson(c, person.id), 201, { "cache-control": "no-store" });
  });
};

/** The same for each reason: where else somebody has a place is not this tenant's to know. */
const NOT_YOURS: Refusal = {
  code: "forbidden",
  message: "you may not make a link for this person: ask an operator",
};
