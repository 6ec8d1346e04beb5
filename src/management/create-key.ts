import { createRoute, z } from "@hono/zod-openapi";
import { operatorAccess } from "./access.ts";
import { InstantField, LabelField, ModeField, ModelField, NameField, TenantParams, toInstant } from "./fields.ts";
import { issueKey } from "./issue-key.ts";
import { KeySchema, toKey } from "./key-shape.ts";
import { knownTenant } from "./known-tenant.ts";
import type { ManagementApp } from "./management-app.ts";
import { invalidFields, refuse } from "./problem.ts";
import { answers201, bodyOf } from "./responses.ts";

const Body = z.strictObject({
  name: NameField,
  mode: ModeField.default("live"),
  team: LabelField.nullish(),
  models: z.array(ModelField).min(1).max(100).nullish().openapi({ description: "Absent: every model" }),
  expires_at: InstantField.nullish(),
});

const CreatedKey = KeySchema.extend({
  key: z.string().openapi({ description: "The key itself, shown this once" }),
}).openapi("CreatedKey");

const route = createRoute({
  method: "post",
  path: "/tenants/{tenant}/keys",
  summary: "Issue a key to a tenant",
  tags: ["keys"],
  ...operatorAccess,
  request: { params: TenantParams, body: bodyOf(Body) },
  responses: answers201(CreatedKey, "Issued; the key is not shown again"),
});

export const createKey = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const services = c.get("services");
    const { name, mode, team, models, expires_at } = c.req.valid("json");
    const known = await knownTenant(services, c.req.valid("param").tenant);
    if (!known.ok) return refuse(c, known.error);
    const expiresAt = expires_at == null ? null : Date.parse(expires_at);
    if (expiresAt !== null && expiresAt <= services.now()) return refuse(c, inThePast(expiresAt));
    const { key, ...stored } = issueKey(services, { kind: mode, tenant: known.value.tenant.id });
    const created = await known.value.ledger.createKey({
      ...stored,
      name,
      mode,
      team: team ?? null,
      models: models ? [...new Set(models)] : null,
      expiresAt,
    });
    return created.ok ? c.json({ ...toKey(created.value), key }, 201, NO_STORE) : refuse(c, created.error);
  });
};

const NO_STORE = { "cache-control": "no-store" };

const inThePast = (at: number) =>
  invalidFields([{ field: "expires_at", rule: "must lie in the future", value: toInstant(at) }]);
