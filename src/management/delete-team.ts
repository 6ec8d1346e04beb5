import { createRoute } from "@hono/zod-openapi";
import * as people from "../people/index.ts";
import { manageAccess } from "./access.ts";
import { knownTenant } from "./known-tenant.ts";
import type { ManagementApp } from "./management-app.ts";
import { problemResponse, refuse } from "./problem.ts";
import { TeamParams } from "./team-shape.ts";
import { unknownTeam } from "./teams-of.ts";

const route = createRoute({
  method: "delete",
  path: "/tenants/{tenant}/teams/{team}",
  summary: "Forget a team's description",
  description: "Keys, members and budgets that name the team keep it; while a key does, lists still show it.",
  tags: ["people"],
  ...manageAccess,
  request: { params: TeamParams },
  responses: { 204: { description: "Forgotten" }, default: problemResponse },
});

export const deleteTeam = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const services = c.get("services");
    const { tenant, team } = c.req.valid("param");
    const known = await knownTenant(services, tenant);
    if (!known.ok) return refuse(c, known.error);
    const deleted = await people.deleteTeam(services.control, tenant, team);
    return deleted ? c.body(null, 204) : refuse(c, unknownTeam(team));
  });
};
