import { createRoute, z } from "@hono/zod-openapi";
import { csvLine } from "../export/csv-cell.ts";
import { formatMicros } from "../money/index.ts";
import type { UsageRow } from "../reporting/index.ts";
import { seeAccess } from "./access.ts";
import { TenantParams } from "./fields.ts";
import { knownTenant } from "./known-tenant.ts";
import type { ManagementApp } from "./management-app.ts";
import { problemResponse, refuse } from "./problem.ts";
import { jsonOf } from "./responses.ts";
import { isOperator, teamOf } from "./services.ts";
import { makeStatement } from "./statement.ts";
import { MonthField, StatementSchema } from "./statement-shape.ts";
import { WHOLE_TENANT_ALONE } from "./whole-tenant.ts";

const statement = jsonOf(StatementSchema, "The statement; as CSV one line for each day, model, team and key");

const route = createRoute({
  method: "get",
  path: "/tenants/{tenant}/statements/{month}",
  summary: "Show a month's statement",
  description:
    "What was captured in a month of the tenant's calendar, in live mode. Jobs count when they were captured (budgets count at " +
    "admission). Once it is closed it never changes: what comes later is in a later one. The lines of the CSV add up to the total.",
  tags: ["billing"],
  ...seeAccess,
  request: {
    params: TenantParams.extend({ month: MonthField }),
    query: z.strictObject({ format: z.enum(["json", "csv"]).default("json") }),
  },
  responses: {
    200: { ...statement, content: { ...statement.content, "text/csv": { schema: z.string() } } },
    default: problemResponse,
  },
});

export const getStatement = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const services = c.get("services");
    const principal = c.get("principal");
    if (teamOf(principal) !== null) return refuse(c, WHOLE_TENANT_ALONE);
    const { tenant: id, month } = c.req.valid("param");
    const known = await knownTenant(services, id);
    if (!known.ok) return refuse(c, known.error);
    const asked = { ...known.value, month, isOperator: isOperator(principal) };
    const made = await makeStatement(services, asked);
    if (!made.ok) return refuse(c, made.error);
    if (c.req.valid("query").format === "json") return c.json(made.value.statement, 200);
    const headers = {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="statement-${id}-${month}.csv"`,
    };
    return c.body(csvOf(made.value.rows, asked.isOperator), 200, headers);
  });
};

function csvOf(rows: readonly UsageRow[], isTold: boolean): string {
  const head = ["day", "model", "team", "key", "jobs", "seconds", "price", ...(isTold ? ["cost"] : [])];
  const lines = rows.map(({ day = "", model = "", team = null, key = "", jobs, seconds, priceMicros, costMicros }) => [
    day,
    model,
    team,
    key,
    jobs,
    seconds,
    formatMicros(priceMicros),
    ...(isTold ? [formatMicros(costMicros)] : []),
  ]);
  return [head, ...lines].map(csvLine).join("");
}
