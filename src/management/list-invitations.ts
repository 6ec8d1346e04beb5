import { createRoute } from "@hono/zod-openapi";
import * as people from "../people/index.ts";
import { manageAccess } from "./access.ts";
import { TenantParams } from "./fields.ts";
import { InvitationSchema, toInvitation } from "./invitation-shape.ts";
import { knownTenant } from "./known-tenant.ts";
import type { ManagementApp } from "./management-app.ts";
import { cutPage, decodeCursor, pageOf, PageQuery } from "./page.ts";
import { invalidFields, refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";

const route = createRoute({
  method: "get",
  path: "/tenants/{tenant}/invitations",
  summary: "List a tenant's invitations, by id",
  description: "Used and ended ones too, for 30 days. Never with the link.",
  tags: ["people"],
  ...manageAccess,
  request: { params: TenantParams, query: PageQuery },
  responses: answers200(pageOf(InvitationSchema), "A page of invitations"),
});

export const listInvitations = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const services = c.get("services");
    const { tenant } = c.req.valid("param");
    const { limit, cursor } = c.req.valid("query");
    const after = decodeCursor(cursor);
    if (!after.ok) return refuse(c, invalidFields([after.error]));
    const known = await knownTenant(services, tenant);
    if (!known.ok) return refuse(c, known.error);
    const asked = { after: after.value, limit: limit + 1 };
    const page = cutPage(await people.listInvitations(services.control, tenant, asked), limit);
    const at = services.now();
    return c.json({ data: page.rows.map((row) => toInvitation(row, at)), next_cursor: page.next }, 200);
  });
};
