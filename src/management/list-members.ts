import { createRoute } from "@hono/zod-openapi";
import * as people from "../people/index.ts";
import { seeAccess } from "./access.ts";
import { TenantParams } from "./fields.ts";
import type { ManagementApp } from "./management-app.ts";
import { MemberSchema, toMember } from "./member-shape.ts";
import { pageOf, PageQuery } from "./page.ts";
import { peoplePage } from "./people-page.ts";
import { refuse } from "./problem.ts";
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
    const team = teamOf(c.get("principal"));
    const page = await peoplePage(services, tenant, c.req.valid("query"), (asked) =>
      people.listMembers(services.control, tenant, { ...asked, team }),
    );
    if (!page.ok) return refuse(c, page.error);
    return c.json({ data: page.value.rows.map(toMember), next_cursor: page.value.next }, 200);
  });
};
