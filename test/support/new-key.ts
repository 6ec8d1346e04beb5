import type { NewKey } from "../../src/ledger/change-keys.ts";
import { KEY_SCOPES } from "../../src/ledger/types.ts";

/** A key that may do everything, for `change("create_key")`. */
export const newKeyInput = (key: Pick<NewKey, "id"> & { hash: string } & Partial<Omit<NewKey, "secret">>): NewKey => {
  const { hash, ...more } = key;
  return {
    name: "k",
    mode: "live",
    team: null,
    models: null,
    scopes: [...KEY_SCOPES],
    ips: null,
    dedupeWindowSeconds: 0,
    expiresAt: null,
    secret: { hash, prefix: "wg_", secretVersion: 1 },
    ...more,
  };
};
