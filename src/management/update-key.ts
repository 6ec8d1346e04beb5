import { createRoute, z } from "@hono/zod-openapi";
import type { ChangeInput } from "../ledger/changes.ts";
import { manageAccess } from "./access.ts";
import { keyFields, refuseEnd } from "./key-fields.ts";
import { KeyParams, KeySchema, toKey } from "./key-shape.ts";
import { refuseUnknownModels } from "./known-models.ts";
import { knownTenant } from "./known-tenant.ts";
import type { ManagementApp } from "./management-app.ts";
import { refuse } from "./problem.ts";
import { answers200, bodyOf } from "./responses.ts";
import { actorOf } from "./services.ts";

const Body = z
  .strictObject({ ...keyFields, disabled: z.boolean() })
  .partial()
  .refine((body) => Object.keys(body).length > 0, {
    error: "must change at least one field",
    // A field that is wrong is told by itself.
    when: ({ issues }) => issues.length === 0,
  });

const route = createRoute({
  method: "patch",
  path: "/tenants/{tenant}/keys/{key_id}",
  summary: "Change a key, or switch it off and on",
  description:
    "What is not given stays as it is. Acts at once on submits, and within 10 seconds on reads; jobs that were " +
    "admitted go on, and stay with the team that the key had. A revoked key cannot be changed.",
  tags: ["keys"],
  ...manageAccess,
  request: { params: KeyParams, body: bodyOf(Body) },
  responses: answers200(KeySchema, "The key as it is now"),
});

export const updateKey = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const services = c.get("services");
    const { tenant, key_id } = c.req.valid("param");
    const patch = toPatch(c.req.valid("json"));
    const refusal =
      refuseEnd(patch.expiresAt ?? null, services.now()) ??
      (await refuseUnknownModels(services, patch.models ?? [], (at) => `models.${at}`));
    if (refusal) return refuse(c, refusal);
    const known = await knownTenant(services, tenant);
    if (!known.ok) return refuse(c, known.error);
    const meta = { actor: actorOf(c.get("principal")) };
    const changed = await known.value.ledger.change("update_key", { id: key_id, patch }, meta);
    return changed.ok ? c.json(toKey(changed.value, tenant), 200) : refuse(c, changed.error);
  });
};

type Patch = ChangeInput<"update_key">["patch"];

function toPatch({ dedupe_window_seconds, expires_at, ...same }: z.infer<typeof Body>): Patch {
  const patch = {
    ...same,
    dedupeWindowSeconds: dedupe_window_seconds,
    expiresAt: expires_at == null ? expires_at : Date.parse(expires_at),
  };
  // Absent and undefined are one here, and not to the ledger.
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
}
