import { createRoute } from "@hono/zod-openapi";
import * as people from "../people/index.ts";
import { seeAccess } from "./access.ts";
import { TenantParams } from "./fields.ts";
import { knownTenant } from "./known-tenant.ts";
import type { ManagementApp } from "./management-app.ts";
import { MemberSchema, toMember } from "./member-shape.ts";
import { cutPage, decodeCursor, pageOf, PageQuery } from "./page.ts";
import { invalidFields, refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";
import { teamOf } from "./services.ts";

const route = createRoute({
  method: "get",
  path: "/tenants/{tenant}/members",
  summary: "List who has a place in a tenant, by id",
  description: "A member sees the own team.",
  tags: ["people"],
  ...seeAccess,
  request: { params: TenantParams, query: PageQuery },
  responses: answers200(pageOf(MemberSchema), "A page of members"),
});

export const listMembers = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const services = c.get("services");
    const { tenant } = c.req.valid("param");
    const { limit, cursor } = c.req.valid("query");
    const after = decodeCursor(cursor);
    if (!after.ok) return refuse(c, invalidFields([after.error]));
    const known = await knownTenant(services, tenant);
    if (!known.ok) return refuse(c, known.error);
    const asked = { after: after.value, limit: limit + 1, team: teamOf(c.get("principal")) };
    const page = cutPage(await people.listMembers(services.control, tenant, asked), limit);
    return c.json({ data: page.rows.map(toMember), next_cursor: page.next }, 200);
  });
};
