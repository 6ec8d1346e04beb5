import { hashKey, keyPrefix, mintKey, verifyKey, type KeyKind } from "../keys/key.ts";
import type { Services } from "./services.ts";

/** A fresh key: `key` is shown once and kept nowhere, `hash` is what is stored. */
export interface IssuedKey {
  id: string;
  key: string;
  hash: string;
  prefix: string;
}

/** Makes a key of a tenant (or of NO_TENANT, for operators). Stores nothing. */
export function issueKey(
  services: Pick<Services, "secrets" | "random">,
  owner: { kind: KeyKind; tenant: string },
): IssuedKey {
  const { secrets } = services;
  const id = Buffer.from(services.random(8)).toString("hex");
  const key = mintKey({ ...owner, keyId: id, secrets, random: services.random(16) });
  const parsed = verifyKey(key, secrets);
  if (!parsed) throw new Error("a key that was just made does not verify");
  return { id, key, hash: hashKey(key, parsed, secrets), prefix: keyPrefix(key) };
}
