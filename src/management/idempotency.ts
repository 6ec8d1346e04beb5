import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { canonicalJson } from "../catalog/index.ts";
import type { ChangeMeta, Once } from "../ledger/changes.ts";
import { actorOf, isOperator, type ManagementEnv } from "./services.ts";
import { sha256Hex } from "../keys/sha256-hex.ts";

const REPLAY_TEXT = "The same call with the same key answers as the first did, for 48 hours";

const Field = z.string().regex(/^[\x21-\x7e]{1,255}$/, "must be 1 to 255 visible ASCII characters");

/** Headers of a call that an Idempotency-Key may make safe to repeat. */
export const IdempotencyHeaders = z.object({
  "idempotency-key": Field.optional().openapi({ description: REPLAY_TEXT }),
});

/** Headers of a call that moves money each time it is made, so that it cannot be made without one. */
export const IdempotencyRequired = z.object({ "idempotency-key": Field.openapi({ description: REPLAY_TEXT }) });

/**
 * Who asks and, with an Idempotency-Key, what makes the call happen once. `body`: as it was validated;
 * null where there is none. Key, operation and path are a JSON list, so that no two callers' keys meet.
 */
export function changeMeta(
  c: Context<ManagementEnv>,
  route: { method: string; path: string },
  body: unknown,
): ChangeMeta & { once: Once | null } {
  const principal = c.get("principal");
  const actor = actorOf(principal);
  const within = !isOperator(principal);
  const key = c.req.header("idempotency-key");
  if (key === undefined) return { actor, within, once: null };
  const params = c.req.param();
  const operation = `${route.method} ${route.path}`;
  // Hashed: an Idempotency-Key is a text of the caller's choice, and some will send what must not be stored.
  const scope = sha256Hex(canonicalJson([actor, operation, params, key]));
  const bodyHash = sha256Hex(canonicalJson({ operation, params, body }));
  return { actor, within, once: { scope, bodyHash } };
}

/** Says of a reply that it is an earlier one's. */
export const replayHeaders = (replayed: boolean): Record<string, string> =>
  replayed ? { "idempotency-replayed": "true" } : {};
