import { createRoute, z } from "@hono/zod-openapi";
import { writeTenantStatus } from "../settings/index.ts";
import { operatorAccess } from "./access.ts";
import { ReasonField, TenantParams } from "./fields.ts";
import { changeOrigins } from "./change-origins.ts";
import { knownTenant } from "./known-tenant.ts";
import type { ManagementApp } from "./management-app.ts";
import { OriginsField } from "./origin-field.ts";
import { refuse } from "./problem.ts";
import { answers200, bodyOf } from "./responses.ts";
import { actorOf } from "./services.ts";
import { TenantSchema, TenantStatusField, toTenant } from "./tenant-shape.ts";

const UPLOAD_BYTES_MAX = 200 * 1024 * 1024;
const TYPE_RULE = "must be media types such as image/png or image/*, in small letters";

const Uploads = z.strictObject({
  max_bytes: z.int().min(1).max(UPLOAD_BYTES_MAX).optional(),
  types: z
    .array(z.string().regex(/^[a-z]{1,20}\/(\*|[a-z0-9][a-z0-9.+-]{0,80})$/, TYPE_RULE))
    .min(1)
    .max(50)
    .nullable()
    .optional(),
});

const Body = z
  .strictObject({
    status: TenantStatusField.optional(),
    reason: ReasonField.optional(),
    queue_weight: z.int().min(1).max(100).optional(),
    keep_inputs_days: z.int().min(0).max(30).optional(),
    allowed_origins: OriginsField.optional(),
    uploads: Uploads.optional(),
  })
  .refine(({ status, reason }) => status !== "suspended" || reason !== undefined, {
    path: ["reason"],
    error: "is needed to suspend a tenant",
  })
  .refine(({ status, reason }) => status !== undefined || reason === undefined, {
    path: ["status"],
    error: "is needed with a reason",
  })
  .refine((body) => Object.keys(body).length > 0, "must change something");

const route = createRoute({
  method: "patch",
  path: "/tenants/{tenant}",
  summary:
    "Change a tenant: suspend it or let it go on, its share of the queue, how long inputs are kept, what may be uploaded, its web origins",
  description:
    "What is not given stays. Status acts at once: a suspended tenant's submits are refused (403) with the reason. Its jobs settle, and its keys may " +
    "still read. Browsers on a page of `allowed_origins` may call the tenant API with the tenant's keys (CORS); the list is replaced as a whole, and " +
    "the other isolates follow within 30 seconds. The ledger is changed first and the list of tenants follows; the same call again finishes both.",
  tags: ["tenants"],
  ...operatorAccess,
  request: { params: TenantParams, body: bodyOf(Body) },
  responses: answers200(TenantSchema, "The tenant as it is now"),
});

export const updateTenant = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const services = c.get("services");
    const body = c.req.valid("json");
    const { status, reason, queue_weight: queueWeight, keep_inputs_days: keepInputsDays } = body;
    const known = await knownTenant(services, c.req.valid("param").tenant);
    if (!known.ok) return refuse(c, known.error);
    const { ledger, tenant } = known.value;
    const meta = { actor: actorOf(c.get("principal")) };
    const { allowed_origins: origins } = c.req.valid("json");
    const listed = origins && (await changeOrigins(services, { tenant: tenant.id, origins }, meta));
    if (listed && !listed.ok) return refuse(c, listed.error);
    const handling = {
      ...(queueWeight === undefined ? {} : { queueWeight }),
      ...(keepInputsDays === undefined ? {} : { keepInputsDays }),
    };
    const handled = await ledger.change("set_handling", handling, meta);
    if (!handled.ok) return refuse(c, handled.error);
    const { max_bytes: bytesMax, types } = body.uploads ?? {};
    const uploads = { ...(bytesMax === undefined ? {} : { bytesMax }), ...(types === undefined ? {} : { types }) };
    const bounded = await ledger.change("set_uploads", uploads, meta);
    if (!bounded.ok) return refuse(c, bounded.error);
    if (status === undefined) return c.json(toTenant(bounded.value), 200);
    const changed = await ledger.change("set_status", { status, reason: reason ?? "" }, meta);
    if (!changed.ok) return refuse(c, changed.error);
    await writeTenantStatus(services.control, tenant.id, status);
    return c.json(toTenant(changed.value), 200);
  });
};
