import { createRoute } from "@hono/zod-openapi";
import * as people from "../people/index.ts";
import { manageAccess } from "./access.ts";
import { TenantParams } from "./fields.ts";
import { InvitationSchema, toInvitation } from "./invitation-shape.ts";
import type { ManagementApp } from "./management-app.ts";
import { pageOf, PageQuery } from "./page.ts";
import { peoplePage } from "./people-page.ts";
import { refuse } from "./problem.ts";
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
    const page = await peoplePage(services, tenant, c.req.valid("query"), (asked) =>
      people.listInvitations(services.control, tenant, asked),
    );
    if (!page.ok) return refuse(c, page.error);
    const at = services.now();
    const data = page.value.rows.map((row) => toInvitation(row, at));
    return c.json({ data, next_cursor: page.value.next }, 200);
  });
};
