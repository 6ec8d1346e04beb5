import { z } from "@hono/zod-openapi";
import type { Standing } from "../ledger/standing.ts";
import type { TenantInfo } from "../ledger/types.ts";
import type { RegisteredTenant } from "../settings/index.ts";
import { formatMicros } from "../money/index.ts";
import { CreditSchema, toCredit } from "./credit-shape.ts";
import { AmountOut, InstantOut, TenantIdField, toInstant } from "./fields.ts";

export const TenantStatusField = z.enum(["active", "suspended"]);

/** A tenant as the registry lists it. */
export const ListedTenantSchema = z
  .object({
    id: TenantIdField,
    name: z.string(),
    time_zone: z.string(),
    status: TenantStatusField,
    created_at: InstantOut,
  })
  .openapi("ListedTenant");

/** A tenant as its ledger has it: what is enforced. */
export const TenantSchema = ListedTenantSchema.extend({
  reason: z.string().nullable().openapi({ description: "Why it is suspended; shown to whoever is refused" }),
  pricing_version: z.number().int(),
  queue_weight: z.number().int().openapi({ description: "Share of turns where jobs wait for an upstream account" }),
  keep_inputs_days: z.number().int().openapi({ description: "How long inputs are kept after they were sent; 0: not" }),
  allowed_origins: z.array(z.string()).openapi({ description: "Web pages that may call with the tenant's keys" }),
  uploads: z
    .object({
      max_bytes: z.int(),
      types: z.array(z.string()).nullable().openapi({ description: "null: any" }),
    })
    .openapi({ description: "Which files may be uploaded" }),
}).openapi("Tenant");

/** How a tenant stands this moment, live money only. */
export const StandingSchema = z
  .object({
    month: AmountOut.openapi({
      description: "Captured of the jobs that were admitted this month of the tenant's, as budgets count",
    }),
    held: AmountOut,
    running_jobs: z.number().int(),
    credit: CreditSchema.nullable(),
  })
  .openapi("Standing");

export const toStanding = ({ open, monthMicros, credit }: Standing): z.infer<typeof StandingSchema> => {
  const live = open.filter(({ mode }) => mode === "live");
  return {
    month: formatMicros(monthMicros.live),
    held: formatMicros(live.reduce((sum, { heldMicros }) => sum + heldMicros, 0)),
    running_jobs: live.reduce((sum, { jobs }) => sum + jobs, 0),
    credit: credit && toCredit(credit),
  };
};

export const toListedTenant = (tenant: RegisteredTenant): z.infer<typeof ListedTenantSchema> => ({
  id: tenant.id,
  name: tenant.name,
  time_zone: tenant.timeZone,
  status: tenant.status,
  created_at: toInstant(tenant.createdAt),
});

export const toTenant = (info: TenantInfo): z.infer<typeof TenantSchema> => ({
  id: info.tenant,
  name: info.name,
  time_zone: info.timeZone,
  status: info.status,
  created_at: toInstant(info.createdAt),
  reason: info.statusReason === "" ? null : info.statusReason,
  pricing_version: info.pricing.version,
  queue_weight: info.handling.queueWeight,
  keep_inputs_days: info.handling.keepInputsDays,
  allowed_origins: [...info.allowedOrigins],
  uploads: { max_bytes: info.uploads.bytesMax, types: info.uploads.types },
});
