import { createRoute } from "@hono/zod-openapi";
import { chargedMonths } from "../reporting/index.ts";
import { seeAccess } from "./access.ts";
import { TenantParams } from "./fields.ts";
import { completeUntil } from "./is-complete.ts";
import { knownTenant } from "./known-tenant.ts";
import type { ManagementApp } from "./management-app.ts";
import { monthOf } from "./month-of.ts";
import { cutPage, decodeCursor, pageOf, PageQuery } from "./page.ts";
import { invalidFields, refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";
import { teamOf } from "./services.ts";
import { StatementSummarySchema } from "./statement-shape.ts";
import { WHOLE_TENANT_ALONE } from "./whole-tenant.ts";

/** Later than every month that a calendar of four digits has. */
const ALL = "9999-99";

const route = createRoute({
  method: "get",
  path: "/tenants/{tenant}/statements",
  summary: "List the months that have a statement, newest first",
  description: "Months in which live jobs ended or the credit was moved.",
  tags: ["billing"],
  ...seeAccess,
  request: { params: TenantParams, query: PageQuery },
  responses: answers200(pageOf(StatementSummarySchema), "A page of months"),
});

export const listStatements = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const services = c.get("services");
    if (teamOf(c.get("principal")) !== null) return refuse(c, WHOLE_TENANT_ALONE);
    const { limit, cursor } = c.req.valid("query");
    const after = decodeCursor(cursor);
    if (!after.ok) return refuse(c, invalidFields([after.error]));
    const known = await knownTenant(services, c.req.valid("param").tenant);
    if (!known.ok) return refuse(c, known.error);
    const { tenant, ledger } = known.value;
    const before = after.value === "" ? ALL : after.value;
    const months = await chargedMonths(services.report, { tenant: tenant.id, before, limit: limit + 1 });
    const page = cutPage(
      months.map((id) => ({ id })),
      limit,
    );
    const { id, timeZone } = tenant;
    const until = await completeUntil(services.report, ledger, { tenant: id, now: services.now() });
    const data = page.rows.map(({ id: month }) => {
      const closed = monthOf(month, timeZone).end <= until;
      return { tenant: id, month, time_zone: timeZone, closed };
    });
    return c.json({ data, next_cursor: page.next }, 200);
  });
};
