import { createRoute } from "@hono/zod-openapi";
import { seeAccess } from "./access.ts";
import { TenantParams } from "./fields.ts";
import { knownTenant } from "./known-tenant.ts";
import type { ManagementApp } from "./management-app.ts";
import { refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";
import { isOperator, teamOf } from "./services.ts";
import { readUsage, toOwnSum, toSum, UsageQuerySchema, UsageSchema } from "./usage-shape.ts";

const route = createRoute({
  method: "get",
  path: "/tenants/{tenant}/usage",
  summary: "Sum what was captured",
  description:
    "By the tenant's local day on which a job was captured (budgets count at admission). 400 days at most, and 4,900 different days, " +
    "teams, keys and models together: where `from` asks for more it is refused, with the day from which on it would be answered.",
  tags: ["reports"],
  ...seeAccess,
  request: { params: TenantParams, query: UsageQuerySchema },
  responses: answers200(UsageSchema, "Usage"),
});

export const getUsage = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const services = c.get("services");
    const known = await knownTenant(services, c.req.valid("param").tenant);
    if (!known.ok) return refuse(c, known.error);
    const { id, timeZone } = known.value.tenant;
    const principal = c.get("principal");
    const team = teamOf(principal);
    const whose = { tenant: id, timeZone, ...(team !== null && { team }) };
    const read = await readUsage(services, whose, c.req.valid("query"));
    if (!read.ok) return refuse(c, read.error);
    const { from, to, rows, total } = read.value;
    const show = isOperator(principal) ? toSum : toOwnSum;
    return c.json({ from, to, counted_at: "capture" as const, data: rows.map(show), total: show(total) }, 200);
  });
};
