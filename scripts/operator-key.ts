import { randomBytes } from "node:crypto";
import { parseGatewaySecrets } from "../src/keys/gateway-secrets.ts";
import { hashKey, mintKey, NO_TENANT, verifyKey } from "../src/keys/key.ts";

/** A row of the table management_keys in D1 CONTROL. */
export interface ManagementKeyRow {
  id: string;
  hash: string;
  name: string;
  /** ms since 1970 */
  created_at: number;
}

/** The first management key, which no management API can give: made where the secret is at hand. */
export function mintOperatorKey(wavegateSecret: string): string {
  return mintKey({
    kind: "mgmt",
    tenant: NO_TENANT,
    keyId: randomBytes(8).toString("hex"),
    secrets: parseGatewaySecrets(wavegateSecret),
    random: randomBytes(16),
  });
}

/** What the gateway stores of the key; it refuses a key that this secret did not sign. */
export function operatorKeyRow(key: string, wavegateSecret: string, now: number): ManagementKeyRow {
  const secrets = parseGatewaySecrets(wavegateSecret);
  const parsed = verifyKey(key, secrets);
  if (parsed?.kind !== "mgmt") throw new Error("the operator key was not made under this WAVEGATE_SECRET");
  return {
    id: parsed.keyId,
    hash: hashKey(key, parsed, secrets),
    name: "operator",
    created_at: now,
  };
}
