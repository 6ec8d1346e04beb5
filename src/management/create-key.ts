import { createRoute, z } from "@hono/zod-openapi";
import { KEY_SCOPES } from "../ledger/types.ts";
import { manageAccess } from "./access.ts";
import { ModeField, TenantParams } from "./fields.ts";
import { issueKey } from "./issue-key.ts";
import { keyFields, refuseEnd } from "./key-fields.ts";
import { NO_STORE, ShownKeySchema, toKey } from "./key-shape.ts";
import { refuseUnknownModels } from "./known-models.ts";
import { knownTenant } from "./known-tenant.ts";
import type { ManagementApp } from "./management-app.ts";
import { refuse } from "./problem.ts";
import { answers201, bodyOf } from "./responses.ts";
import { actorOf } from "./services.ts";

const Body = z.strictObject({
  name: keyFields.name,
  mode: ModeField.default("live"),
  team: keyFields.team.optional(),
  models: keyFields.models.optional(),
  scopes: keyFields.scopes.optional().openapi({ description: "Absent: all of them" }),
  ips: keyFields.ips.optional(),
  dedupe_window_seconds: keyFields.dedupe_window_seconds.default(0),
  expires_at: keyFields.expires_at.optional(),
});

const route = createRoute({
  method: "post",
  path: "/tenants/{tenant}/keys",
  summary: "Issue a key to a tenant",
  tags: ["keys"],
  ...manageAccess,
  request: { params: TenantParams, body: bodyOf(Body) },
  responses: answers201(ShownKeySchema, "Issued; the key is not shown again"),
});

export const createKey = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const services = c.get("services");
    const { name, mode, team, models, scopes, ips, dedupe_window_seconds, expires_at } = c.req.valid("json");
    const known = await knownTenant(services, c.req.valid("param").tenant);
    if (!known.ok) return refuse(c, known.error);
    const expiresAt = expires_at == null ? null : Date.parse(expires_at);
    const refusal =
      refuseEnd(expiresAt, services.now()) ??
      (await refuseUnknownModels(services, models ?? [], (at) => `models.${at}`));
    if (refusal) return refuse(c, refusal);
    const { id, key, secret } = issueKey(services, { kind: mode, tenant: known.value.tenant.id });
    const input = {
      id,
      secret,
      name,
      mode,
      team: team ?? null,
      models: models ?? null,
      scopes: scopes ?? [...KEY_SCOPES],
      ips: ips ?? null,
      dedupeWindowSeconds: dedupe_window_seconds,
      expiresAt,
    };
    const created = await known.value.ledger.change("create_key", input, { actor: actorOf(c.get("principal")) });
    return created.ok
      ? c.json({ ...toKey(created.value, known.value.tenant.id), key }, 201, NO_STORE)
      : refuse(c, created.error);
  });
};
