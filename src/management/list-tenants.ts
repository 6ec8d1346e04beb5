import { createRoute, z } from "@hono/zod-openapi";
import * as registry from "../settings/index.ts";
import { operatorAccess } from "./access.ts";
import type { ManagementApp } from "./management-app.ts";
import { cutPage, decodeCursor, pageFields, pageOf } from "./page.ts";
import { invalidFields, refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";
import { ListedTenantSchema, StandingSchema, toListedTenant, toStanding } from "./tenant-shape.ts";

/** Each asks a ledger: a page of them is one call of the gateway all the same. */
const STANDINGS_MAX = 25;

const route = createRoute({
  method: "get",
  path: "/tenants",
  summary: "List tenants, by id",
  description:
    "From the registry, which follows each tenant's own state. With include=balance each says how it stands, as its " +
    `ledger has it this moment; a page then has at most ${STANDINGS_MAX} rows.`,
  tags: ["tenants"],
  ...operatorAccess,
  request: { query: z.strictObject({ ...pageFields, include: z.enum(["balance"]).optional() }) },
  responses: answers200(pageOf(ListedTenantSchema.extend({ balance: StandingSchema.optional() })), "A page of tenants"),
});

export const listTenants = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const { limit: asked, cursor, include } = c.req.valid("query");
    const services = c.get("services");
    const limit = include ? Math.min(asked, STANDINGS_MAX) : asked;
    const after = decodeCursor(cursor);
    if (!after.ok) return refuse(c, invalidFields([after.error]));
    const found = await registry.listTenants(services.control, { after: after.value, limit: limit + 1 });
    const page = cutPage(found, limit);
    const data = await Promise.all(
      page.rows.map(async (row) => ({
        ...toListedTenant(row),
        ...(include && { balance: toStanding(await services.ledger(row.id).standing()) }),
      })),
    );
    return c.json({ data, next_cursor: page.next }, 200);
  });
};
