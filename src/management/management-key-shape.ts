import { z } from "@hono/zod-openapi";
import type { ManagementKey } from "../settings/index.ts";
import { InstantOut, KeyIdField, toInstant, toInstantOrNull } from "./fields.ts";

/** An operator's key without its secret. */
export const ManagementKeySchema = z
  .object({ id: KeyIdField, name: z.string(), created_at: InstantOut, revoked_at: InstantOut.nullable() })
  .openapi("ManagementKey");

export const toManagementKey = (key: Omit<ManagementKey, "hash">): z.infer<typeof ManagementKeySchema> => ({
  id: key.id,
  name: key.name,
  created_at: toInstant(key.createdAt),
  revoked_at: toInstantOrNull(key.revokedAt),
});
