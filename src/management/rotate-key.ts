import { createRoute, z } from "@hono/zod-openapi";
import { OVERLAP_SECONDS_MAX } from "../ledger/change-keys.ts";
import type { Refusal } from "../errors/catalogue.ts";
import { manageAccess } from "./access.ts";
import { isConsoleName } from "./key-fields.ts";
import { issueSecret } from "./issue-key.ts";
import { KeyParams, NO_STORE, ShownKeySchema, toKey } from "./key-shape.ts";
import { knownKey } from "./known-key.ts";
import type { ManagementApp } from "./management-app.ts";
import { refuse } from "./problem.ts";
import { answers200, bodyOf } from "./responses.ts";
import { actorOf } from "./services.ts";

/** Else whoever rotates it would hold a key that is called another person's, and that person's own would be void. */
const COMPUTED: Refusal = {
  code: "conflict",
  message: "a person's console key has no secret to hand out: disable or revoke it",
};

const Body = z.strictObject({
  overlap_seconds: z
    .number()
    .int()
    .min(0)
    .max(OVERLAP_SECONDS_MAX)
    .openapi({ description: "How long the secret in use works on; 0: it ends now" }),
});

const route = createRoute({
  method: "post",
  path: "/tenants/{tenant}/keys/{key_id}/rotate",
  summary: "Give a key a new secret",
  description:
    "The key keeps its id, and with it its budgets, limits and Idempotency-Keys. The new secret is made under the " +
    "gateway's newest secret: this is also how keys move to it. Until the old one ends, replies to it carry " +
    "x-wavegate-key-expires. At most 10 secrets of a key work side by side.",
  tags: ["keys"],
  ...manageAccess,
  request: { params: KeyParams, body: bodyOf(Body) },
  responses: answers200(ShownKeySchema, "Rotated; the new key is not shown again"),
});

export const rotateKey = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const services = c.get("services");
    const { tenant, key_id: id } = c.req.valid("param");
    const known = await knownKey(services, c.req.valid("param"));
    if (!known.ok) return refuse(c, known.error);
    if (isConsoleName(known.value.key.name)) return refuse(c, COMPUTED);
    const { key, secret } = issueSecret(services, { kind: known.value.key.mode, tenant, id });
    const input = { id, secret, overlapSeconds: c.req.valid("json").overlap_seconds };
    const rotated = await known.value.ledger.change("rotate_key", input, { actor: actorOf(c.get("principal")) });
    return rotated.ok ? c.json({ ...toKey(rotated.value, tenant), key }, 200, NO_STORE) : refuse(c, rotated.error);
  });
};
