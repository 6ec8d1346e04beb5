import { z } from "@hono/zod-openapi";
import { keyStart } from "../keys/key.ts";
import { KEY_SCOPES, type ApiKey, type KeySecret } from "../ledger/types.ts";
import { InstantOut, KeyIdField, ModeField, TenantParams, toInstant, toInstantOrNull } from "./fields.ts";

export const KeyParams = TenantParams.extend({ key_id: KeyIdField });

const OldSecret = z.object({ prefix: z.string(), secret_version: z.number().int(), expires_at: InstantOut });

/** A key without its secret. `models` null: every model; `ips` null: any address. */
export const KeySchema = z
  .object({
    id: KeyIdField,
    name: z.string(),
    mode: ModeField,
    team: z.string().nullable(),
    models: z.array(z.string()).nullable(),
    scopes: z.array(z.enum(KEY_SCOPES)),
    ips: z.array(z.string()).nullable(),
    dedupe_window_seconds: z.number().int(),
    prefix: z.string().openapi({
      description: "The newest secret's first 28 characters: they name tenant and key, and hold nothing secret",
    }),
    secret_version: z.number().int().openapi({ description: "Version of the gateway's secret that it was made under" }),
    old_secrets: z.array(OldSecret).openapi({ description: "Secrets of before: each works until it expires" }),
    created_at: InstantOut,
    expires_at: InstantOut.nullable(),
    disabled_at: InstantOut.nullable(),
    revoked_at: InstantOut.nullable(),
    last_used_at: InstantOut.nullable().openapi({ description: "Coarse: written once an hour at most" }),
  })
  .openapi("Key");

/** A key with its secret, which only the call that made it answers. */
export const ShownKeySchema = KeySchema.extend({
  key: z.string().openapi({ description: "The key itself, shown this once" }),
}).openapi("ShownKey");

/** For answers with a secret in them. */
export const NO_STORE = { "cache-control": "no-store" };

/** `tenant`: whose key it is, since its beginning says so. */
export function toKey(key: ApiKey, tenant: string): z.infer<typeof KeySchema> {
  const [newest, ...older] = key.secrets;
  const startOf = ({ secretVersion }: KeySecret) => keyStart({ kind: key.mode, secretVersion, tenant, keyId: key.id });
  return {
    id: key.id,
    name: key.name,
    mode: key.mode,
    team: key.team,
    models: key.models,
    scopes: key.scopes,
    ips: key.ips,
    dedupe_window_seconds: key.dedupeWindowSeconds,
    prefix: newest ? startOf(newest) : "",
    secret_version: newest?.secretVersion ?? 0,
    old_secrets: older.flatMap((old) => toOldSecret(old, startOf(old))),
    created_at: toInstant(key.createdAt),
    expires_at: toInstantOrNull(key.expiresAt),
    disabled_at: toInstantOrNull(key.disabledAt),
    revoked_at: toInstantOrNull(key.revokedAt),
    last_used_at: toInstantOrNull(key.lastUsedAt),
  };
}

const toOldSecret = ({ secretVersion, expiresAt }: KeySecret, prefix: string): z.infer<typeof OldSecret>[] =>
  expiresAt === null ? [] : [{ prefix, secret_version: secretVersion, expires_at: toInstant(expiresAt) }];
