import { z } from "@hono/zod-openapi";
import type { StoredPasskey } from "../people/index.ts";
import { InstantOut, toInstant, toInstantOrNull } from "./fields.ts";

const CREDENTIAL_CHARS_MAX = 20_000;
const Base64Url = z
  .string()
  .max(CREDENTIAL_CHARS_MAX)
  .regex(/^[\w-]+$/, "must be base64url");

export const PasskeyIdField = z.string().regex(/^[\w-]{1,1400}$/, "must be a passkey's id");

export const PasskeySchema = z
  .object({
    id: z.string(),
    name: z.string(),
    created_at: InstantOut,
    ip: z.string().openapi({ description: "From where it was registered; empty: not known" }),
    user_agent: z.string(),
    last_used_at: InstantOut.nullable(),
  })
  .openapi("Passkey");

export const PasskeysSchema = z.object({ data: z.array(PasskeySchema), next_cursor: z.null() });

export const toPasskey = (key: StoredPasskey): z.infer<typeof PasskeySchema> => ({
  id: key.id,
  name: key.name,
  created_at: toInstant(key.createdAt),
  ip: key.ip,
  user_agent: key.userAgent,
  last_used_at: toInstantOrNull(key.lastUsedAt),
});

const credential = {
  id: PasskeyIdField,
  rawId: PasskeyIdField,
  type: z.literal("public-key"),
  authenticatorAttachment: z.enum(["platform", "cross-platform"]).optional(),
  clientExtensionResults: z.looseObject({}),
};

// Loose: browsers add members to what `toJSON()` gives.
/** What `navigator.credentials.create()` gave, by its `toJSON()`. */
export const CreatedCredential = z.looseObject({
  ...credential,
  response: z.looseObject({
    clientDataJSON: Base64Url,
    attestationObject: Base64Url,
    transports: z
      .array(z.enum(["ble", "cable", "hybrid", "internal", "nfc", "smart-card", "usb"]))
      .max(10)
      .optional(),
  }),
});

/** What `navigator.credentials.get()` gave. */
export const UsedCredential = z.looseObject({
  ...credential,
  response: z.looseObject({
    clientDataJSON: Base64Url,
    authenticatorData: Base64Url,
    signature: Base64Url,
    userHandle: Base64Url.nullish(),
  }),
});

/** Passed to the browser as it is. */
export const OptionsSchema = z.object({ options: z.looseObject({ challenge: z.string() }) }).openapi("PasskeyOptions");

/** As the browser's `parse...OptionsFromJSON()` takes them. */
export const toOptions = (options: object): z.infer<typeof OptionsSchema> =>
  OptionsSchema.parse({ options: JSON.parse(JSON.stringify(options)) });
