import { createRoute } from "@hono/zod-openapi";
import { manageAccess } from "./access.ts";
import { SlugField, TenantParams } from "./fields.ts";
import { changeMeta, IdempotencyHeaders, replayHeaders } from "./idempotency.ts";
import { knownTenant } from "./known-tenant.ts";
import { fromLimit, LimitBody, LimitSchema, toLimit } from "./limit-shape.ts";
import type { ManagementApp } from "./management-app.ts";
import { refuse } from "./problem.ts";
import { answers200, bodyOf } from "./responses.ts";

const route = createRoute({
  method: "put",
  path: "/tenants/{tenant}/limits/{limit_id}",
  summary: "Create or replace a limit of rate, of jobs at once, of submits a day",
  description:
    "Jobs that run count at once. A limit that replaces one of the same scope and mode keeps what that one had " +
    "counted, so that replacing forgives nothing. The rate has no edges: each submit frees again by itself.",
  tags: ["limits"],
  ...manageAccess,
  "x-audit": { tells: ["scope.key"] },
  request: {
    params: TenantParams.extend({ limit_id: SlugField }),
    headers: IdempotencyHeaders,
    body: bodyOf(LimitBody),
  },
  responses: answers200(LimitSchema, "The limit as it stands"),
});

export const putLimit = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const { tenant, limit_id } = c.req.valid("param");
    const body = c.req.valid("json");
    const known = await knownTenant(c.get("services"), tenant);
    if (!known.ok) return refuse(c, known.error);
    const input = fromLimit(limit_id, body);
    const put = await known.value.ledger.change("put_limit", input, changeMeta(c, route, body));
    return put.ok ? c.json(toLimit(put.value), 200, replayHeaders(put.replayed)) : refuse(c, put.error);
  });
};
