import { hashKey, keyPrefix, mintKey, verifyKey, type KeyKind } from "../keys/key.ts";
import type { IssuedSecret } from "../ledger/change-keys.ts";
import type { Services } from "./services.ts";

type Makers = Pick<Services, "secrets" | "random">;

/** A fresh key: `key` is shown once and kept nowhere, `secret` is what is stored of it. */
export interface IssuedKey {
  id: string;
  key: string;
  secret: IssuedSecret;
}

/** Makes a key of a tenant (or of NO_TENANT, for operators). Stores nothing. */
export function issueKey(services: Makers, owner: { kind: KeyKind; tenant: string }): IssuedKey {
  return issueSecret(services, { ...owner, id: Buffer.from(services.random(8)).toString("hex") });
}

/** Makes another secret of a key, under the newest secret of the gateway. Stores nothing. */
export function issueSecret(services: Makers, of: { kind: KeyKind; tenant: string; id: string }): IssuedKey {
  const { secrets } = services;
  const { kind, tenant, id } = of;
  const key = mintKey({ kind, tenant, keyId: id, secrets, random: services.random(16) });
  const parsed = verifyKey(key, secrets);
  if (!parsed) throw new Error("a key that was just made does not verify");
  const { secretVersion } = parsed;
  return { id, key, secret: { hash: hashKey(key, parsed, secrets), prefix: keyPrefix(key), secretVersion } };
}
