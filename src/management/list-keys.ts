import { createRoute } from "@hono/zod-openapi";
import type { TenantLedgerApi } from "../ledger/types.ts";
import { seeAccess } from "./access.ts";
import { TenantParams } from "./fields.ts";
import { KeySchema, toKey } from "./key-shape.ts";
import type { ManagementApp } from "./management-app.ts";
import { pageOf, PageQuery } from "./page.ts";
import { refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";
import { ofTeam } from "./seen-by-team.ts";
import { teamOf } from "./services.ts";
import { tenantPage } from "./tenant-page.ts";

const route = createRoute({
  method: "get",
  path: "/tenants/{tenant}/keys",
  summary: "List a tenant's keys, revoked ones too, by id",
  tags: ["keys"],
  ...seeAccess,
  request: { params: TenantParams, query: PageQuery },
  responses: answers200(pageOf(KeySchema), "A page of keys"),
});

export const listKeys = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const { tenant } = c.req.valid("param");
    const team = teamOf(c.get("principal"));
    const read = async (ledger: TenantLedgerApi) => ofTeam(await ledger.listKeys(), team);
    const page = await tenantPage(c.get("services"), tenant, c.req.valid("query"), read);
    if (!page.ok) return refuse(c, page.error);
    return c.json({ data: page.value.rows.map((key) => toKey(key, tenant)), next_cursor: page.value.next }, 200);
  });
};
