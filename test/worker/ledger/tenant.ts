import { randomBytes } from "node:crypto";
import { ledgerOf } from "../../../src/ledger/ledger-of.ts";
import type { Budget, Caller, ReserveRequest, TenantLedgerApi } from "../../../src/ledger/types.ts";
import { testEnv } from "../../support/test-env.ts";

export const T2V = "kwaivgi/kling-v2.0-t2v-master";

/** The price of 5 s of it, in micro-dollars. */
export const PRICE = 1_300_000;

export interface TestTenant {
  id: string;
  ledger: TenantLedgerApi;
  caller: Caller;
}

const hex = (bytes: number): string => randomBytes(bytes).toString("hex");

/** A new tenant with one key and, unless null, a tenant budget over everything. */
export async function newTenant(limitMicros: number | null, options: Partial<Budget> = {}): Promise<TestTenant> {
  const id = hex(6);
  const ledger = ledgerOf(testEnv, id);
  await ledger.provision({ tenant: id, name: "test", timeZone: "UTC" });
  const caller = await newKey(ledger, "live");
  if (limitMicros !== null) await ledger.putBudget({ ...WHOLE, limitMicros, ...options });
  return { id, ledger, caller };
}

export const WHOLE = {
  id: "whole",
  mode: "live",
  scope: { kind: "tenant" },
  window: "total",
  limitMicros: 0,
  timeZone: null,
} as const;

export async function newKey(
  ledger: TenantLedgerApi,
  mode: "live" | "test",
  more: { team?: string; models?: string[]; expiresAt?: number } = {},
): Promise<Caller> {
  const caller = { keyId: hex(8), keyHash: hex(32), mode } as const;
  const { team = null, models = null, expiresAt = null } = more;
  await ledger.createKey({
    id: caller.keyId,
    hash: caller.keyHash,
    prefix: "wg_",
    name: "k",
    mode,
    team,
    models,
    expiresAt,
  });
  return caller;
}

export const request = (caller: Caller, more: Partial<ReserveRequest> = {}): ReserveRequest => ({
  caller,
  model: T2V,
  seconds: 5,
  tags: {},
  rates: [{ version: 1, effectiveFrom: 0, costMicros: PRICE }],
  refusal: null,
  idempotencyKey: null,
  bodyHash: "a",
  ...more,
});

/** Job ids of those that were admitted. */
export function admitted(results: Awaited<ReturnType<TenantLedgerApi["reserve"]>>[]): string[] {
  return results.flatMap((result) => (result.ok ? [result.value.job.jobId] : []));
}
