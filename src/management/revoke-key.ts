import { createRoute, z } from "@hono/zod-openapi";
import { manageAccess } from "./access.ts";
import { KeyParams, KeySchema, toKey } from "./key-shape.ts";
import { knownTenant } from "./known-tenant.ts";
import type { ManagementApp } from "./management-app.ts";
import { refuse } from "./problem.ts";
import type { CancelSlice, TenantLedgerApi } from "../ledger/types.ts";
import { answers200 } from "./responses.ts";
import { actorOf } from "./services.ts";

const Query = z.strictObject({
  cancel_queued: z
    .enum(["true", "false"])
    .default("false")
    .openapi({ description: "Also cancels those of its jobs that were not sent yet; what they hold is given back" }),
});

const RevokedKey = KeySchema.extend({
  cancel_queued: z.boolean(),
  trackers_asked: z
    .number()
    .int()
    .openapi({ description: "Parts of the gateway that look for queued jobs of the key" }),
  trackers_failed: z.number().int().openapi({ description: "Those that did not answer: send the call again" }),
}).openapi("RevokedKey");

const route = createRoute({
  method: "delete",
  path: "/tenants/{tenant}/keys/{key_id}",
  summary: "Revoke a key",
  description:
    "From this reply on no submit of the key is admitted; reads may go on for 10 seconds. Jobs that were admitted go " +
    "on, unless cancel_queued. Revoking a revoked key answers the same.",
  tags: ["keys"],
  ...manageAccess,
  request: { params: KeyParams, query: Query },
  responses: answers200(RevokedKey, "The revoked key"),
});

export const revokeKey = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const { tenant, key_id } = c.req.valid("param");
    const cancel = c.req.valid("query").cancel_queued === "true";
    const known = await knownTenant(c.get("services"), tenant);
    if (!known.ok) return refuse(c, known.error);
    const { ledger } = known.value;
    const revoked = await ledger.change("revoke_key", { id: key_id }, { actor: actorOf(c.get("principal")) });
    if (!revoked.ok) return refuse(c, revoked.error);
    // Only now can no further job of the key be queued.
    const asked = cancel ? await cancelQueued(ledger, key_id) : NOBODY;
    return c.json({ ...toKey(revoked.value, tenant), cancel_queued: cancel, ...asked }, 200);
  });
};

const NOBODY = { trackers_asked: 0, trackers_failed: 0 };

/** A tenant has 65,536 shards at most, and a slice many of them: this ends. */
async function cancelQueued(ledger: TenantLedgerApi, keyId: string): Promise<typeof NOBODY> {
  const total = { ...NOBODY };
  for (let shard: number | null = -1; shard !== null;) {
    const slice: CancelSlice = await ledger.cancelQueued(keyId, shard);
    total.trackers_asked += slice.asked;
    total.trackers_failed += slice.failed;
    shard = slice.nextShard;
  }
  return total;
}
