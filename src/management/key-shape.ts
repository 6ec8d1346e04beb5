import { z } from "@hono/zod-openapi";
import type { ApiKey } from "../ledger/types.ts";
import { InstantOut, KeyIdField, ModeField, toInstant, toInstantOrNull } from "./fields.ts";

/** A key without its secret. `models` null: every model. */
export const KeySchema = z
  .object({
    id: KeyIdField,
    name: z.string(),
    mode: ModeField,
    team: z.string().nullable(),
    models: z.array(z.string()).nullable(),
    prefix: z.string().openapi({ description: "The key's first characters, to recognise it by" }),
    created_at: InstantOut,
    expires_at: InstantOut.nullable(),
    revoked_at: InstantOut.nullable(),
  })
  .openapi("Key");

export const toKey = (key: ApiKey): z.infer<typeof KeySchema> => ({
  id: key.id,
  name: key.name,
  mode: key.mode,
  team: key.team,
  models: key.models,
  prefix: key.prefix,
  created_at: toInstant(key.createdAt),
  expires_at: toInstantOrNull(key.expiresAt),
  revoked_at: toInstantOrNull(key.revokedAt),
});
