import { createRoute } from "@hono/zod-openapi";
import { seeAccess } from "./access.ts";
import type { ManagementApp } from "./management-app.ts";
import { refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";
import { teamOf } from "./services.ts";
import { TeamParams, TeamSchema } from "./team-shape.ts";
import { teamsOf, unknownTeam } from "./teams-of.ts";

const route = createRoute({
  method: "get",
  path: "/tenants/{tenant}/teams/{team}",
  summary: "Show a team",
  tags: ["people"],
  ...seeAccess,
  request: { params: TeamParams },
  responses: answers200(TeamSchema, "The team"),
});

export const getTeam = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const { tenant, team } = c.req.valid("param");
    const teams = await teamsOf(c.get("services"), tenant, teamOf(c.get("principal")));
    if (!teams.ok) return refuse(c, teams.error);
    const found = teams.value.find(({ name }) => name === team);
    return found ? c.json(found, 200) : refuse(c, unknownTeam(team));
  });
};
