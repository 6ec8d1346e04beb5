import { createRoute } from "@hono/zod-openapi";
import type { TenantLedgerApi } from "../ledger/types.ts";
import { operatorAccess } from "./access.ts";
import { TenantParams } from "./fields.ts";
import { KeySchema, toKey } from "./key-shape.ts";
import type { ManagementApp } from "./management-app.ts";
import { pageOf, PageQuery } from "./page.ts";
import { refuse } from "./problem.ts";
import { answers200 } from "./responses.ts";
import { tenantPage } from "./tenant-page.ts";

const route = createRoute({
  method: "get",
  path: "/tenants/{tenant}/keys",
  summary: "List a tenant's keys, revoked ones too, by id",
  tags: ["keys"],
  ...operatorAccess,
  request: { params: TenantParams, query: PageQuery },
  responses: answers200(pageOf(KeySchema), "A page of keys"),
});

export const listKeys = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const { tenant } = c.req.valid("param");
    const read = (ledger: TenantLedgerApi) => ledger.listKeys();
    const page = await tenantPage(c.get("services"), tenant, c.req.valid("query"), read);
    if (!page.ok) return refuse(c, page.error);
    return c.json({ data: page.value.rows.map(toKey), next_cursor: page.value.next }, 200);
  });
};
