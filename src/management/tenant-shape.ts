import { z } from "@hono/zod-openapi";
import type { RegisteredTenant } from "../settings/index.ts";
import { InstantOut, TenantIdField, toInstant } from "./fields.ts";

export const TenantSchema = z
  .object({
    id: TenantIdField,
    name: z.string(),
    time_zone: z.string(),
    status: z.enum(["active", "paused"]),
    created_at: InstantOut,
  })
  .openapi("Tenant");

export const toTenant = (tenant: RegisteredTenant): z.infer<typeof TenantSchema> => ({
  id: tenant.id,
  name: tenant.name,
  time_zone: tenant.timeZone,
  status: tenant.status,
  created_at: toInstant(tenant.createdAt),
});
