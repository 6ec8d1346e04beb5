import type { BudgetInput } from "../../src/ledger/change-budgets.ts";
import type { NewKey } from "../../src/ledger/change-keys.ts";
import { KEY_SCOPES, type Caller, type ReserveRequest } from "../../src/ledger/types.ts";

/** A zone with daylight saving, as a tenant has one. */
export const TIME_ZONE = "Europe/Berlin";

export const CALLER: Caller = { keyId: "benchkey", keyHash: "ab".repeat(32), mode: "live", ip: null };

/** The key that every measured job is submitted with. */
export const KEY: NewKey = {
  id: CALLER.keyId,
  name: "bench",
  mode: CALLER.mode,
  team: null,
  models: null,
  scopes: [...KEY_SCOPES],
  ips: null,
  dedupeWindowSeconds: 0,
  expiresAt: null,
  secret: { hash: CALLER.keyHash, prefix: "wg_", secretVersion: 1 },
};

const LIMIT_MICROS = 9_000_000_000_000_000;

/** Each measured job counts against both: the tenant's month and its key's day. */
export const BUDGETS: readonly BudgetInput[] = [
  {
    id: "tenant",
    mode: "live",
    scope: { kind: "tenant" },
    window: "month",
    limitMicros: LIMIT_MICROS,
    timeZone: null,
  },
  {
    id: "key",
    mode: "live",
    scope: { kind: "key", key: CALLER.keyId },
    window: "day",
    limitMicros: LIMIT_MICROS,
    timeZone: null,
  },
];

export const measuredRequest = (): ReserveRequest => ({
  caller: CALLER,
  model: "kwaivgi/kling-v2.0-t2v-master",
  seconds: 5,
  tags: {},
  rates: [{ version: 1, effectiveFrom: 0, unit: "second", unitMicros: 260_000, costMicros: 1_300_000 }],
  quote: null,
  refusal: null,
  idempotencyKey: null,
  bodyHash: "cd".repeat(32),
});
