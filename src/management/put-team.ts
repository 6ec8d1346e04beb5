import { createRoute, z } from "@hono/zod-openapi";
import { TEAMS_MAX, writeTeam } from "../people/index.ts";
import { manageAccess } from "./access.ts";
import { knownTenant } from "./known-tenant.ts";
import type { ManagementApp } from "./management-app.ts";
import { refuse } from "./problem.ts";
import { answers200, bodyOf } from "./responses.ts";
import { mergeTeams, TeamParams, TeamSchema } from "./team-shape.ts";

const Body = z.strictObject({ description: z.string().trim().max(300).default("") });

const route = createRoute({
  method: "put",
  path: "/tenants/{tenant}/teams/{team}",
  summary: "Create or describe a team",
  description: `A tenant has ${TEAMS_MAX} at most. Keys and budgets may name a team that nobody described.`,
  tags: ["people"],
  ...manageAccess,
  request: { params: TeamParams, body: bodyOf(Body) },
  responses: answers200(TeamSchema, "The team as it stands"),
});

export const putTeam = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const services = c.get("services");
    const { tenant, team: name } = c.req.valid("param");
    const known = await knownTenant(services, tenant);
    if (!known.ok) return refuse(c, known.error);
    const { description } = c.req.valid("json");
    const team = await writeTeam(services.control, tenant, { name, description }, services.now());
    if (!team) return refuse(c, { code: "conflict", message: `a tenant has at most ${TEAMS_MAX} teams` });
    const keys = (await known.value.ledger.listKeys()).filter((key) => key.team === name);
    const [merged] = mergeTeams([team], keys);
    if (!merged) throw new Error("a team that was just written is not there");
    return c.json(merged, 200);
  });
};
