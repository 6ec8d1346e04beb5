import { createRoute } from "@hono/zod-openapi";
import { seeAccess } from "./access.ts";
import { TenantParams } from "./fields.ts";
import type { ManagementApp } from "./management-app.ts";
import { decodeCursor, pageById, pageOf, PageQuery } from "./page.ts";
import { invalidFields, refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";
import { teamOf } from "./services.ts";
import { TeamSchema } from "./team-shape.ts";
import { teamsOf } from "./teams-of.ts";

const route = createRoute({
  method: "get",
  path: "/tenants/{tenant}/teams",
  summary: "List a tenant's teams, by name",
  description: "Those that people described, and those that keys name. A member sees the own team.",
  tags: ["people"],
  ...seeAccess,
  request: { params: TenantParams, query: PageQuery },
  responses: answers200(pageOf(TeamSchema), "A page of teams"),
});

export const listTeams = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const { limit, cursor } = c.req.valid("query");
    const after = decodeCursor(cursor);
    if (!after.ok) return refuse(c, invalidFields([after.error]));
    const teams = await teamsOf(c.get("services"), c.req.valid("param").tenant, teamOf(c.get("principal")));
    if (!teams.ok) return refuse(c, teams.error);
    const named = teams.value.map((team) => ({ id: team.name, team }));
    const page = pageById(named, after.value, limit);
    return c.json({ data: page.rows.map(({ team }) => team), next_cursor: page.next }, 200);
  });
};
