import { createRoute, z } from "@hono/zod-openapi";
import { NO_TENANT } from "../keys/key.ts";
import { operatorAccess } from "./access.ts";
import { NameField, TenantIdField, TimeZoneField } from "./fields.ts";
import { IdempotencyHeaders, replayHeaders } from "./idempotency.ts";
import { makeTenant } from "./make-tenant.ts";
import type { ManagementApp } from "./management-app.ts";
import { refuse } from "./problem.ts";
import { answers201, bodyOf, jsonOf } from "./responses.ts";
import { TenantSchema, toTenant } from "./tenant-shape.ts";

const Body = z.strictObject({
  name: NameField,
  time_zone: TimeZoneField.default("UTC"),
  id: TenantIdField.refine((id) => id !== NO_TENANT, "must not be all zero").optional(),
});

const route = createRoute({
  method: "post",
  path: "/tenants",
  summary: "Create a tenant",
  description: "Repeating the call with the same `id` or Idempotency-Key answers 200 with the same tenant.",
  tags: ["tenants"],
  ...operatorAccess,
  request: { body: bodyOf(Body), headers: IdempotencyHeaders },
  responses: {
    ...answers201(TenantSchema, "Created"),
    200: jsonOf(TenantSchema, "Had been created by the same request"),
  },
});

export const createTenant = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const { name, time_zone, id } = c.req.valid("json");
    const idempotencyKey = c.req.valid("header")["idempotency-key"] ?? null;
    const made = await makeTenant(c.get("services"), {
      name,
      timeZone: time_zone,
      id: id ?? null,
      idempotencyKey,
    });
    if (!made.ok) return refuse(c, made.error);
    const tenant = toTenant(made.value.info);
    if (made.value.made) return c.json(tenant, 201);
    return c.json(tenant, 200, replayHeaders(idempotencyKey !== null && id === undefined));
  });
};
