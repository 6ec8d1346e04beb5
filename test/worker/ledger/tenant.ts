import { randomBytes } from "node:crypto";
import { ledgerOf } from "../../../src/ledger/ledger-of.ts";
import type { Budget, Caller, OfferedRate, ReserveRequest, TenantLedgerApi } from "../../../src/ledger/types.ts";
import type { NewKey } from "../../../src/ledger/change-keys.ts";
import { newKeyInput } from "../../support/new-key.ts";
import { testEnv } from "../../support/test-env.ts";

export const T2V = "kwaivgi/kling-v2.0-t2v-master";

/** The price of 5 s of it, in micro-dollars. */
export const PRICE = 1_300_000;

export interface TestTenant {
  id: string;
  ledger: TenantLedgerApi;
  caller: Caller;
}

/** A time far ahead, where a test moves the clock: alarms armed there never ring by themselves. */
export const NOON = Date.parse("2044-01-15T12:00:00Z");

export const stubOf = (tenant: string): DurableObjectStub =>
  testEnv.TENANT_LEDGER.get(testEnv.TENANT_LEDGER.idFromName(tenant));

const hex = (bytes: number): string => randomBytes(bytes).toString("hex");

/** A new tenant with one key and, unless null, a tenant budget over everything. */
export async function newTenant(limitMicros: number | null, options: Partial<Budget> = {}): Promise<TestTenant> {
  const id = hex(6);
  const ledger = ledgerOf(testEnv, id);
  await ledger.provision({ tenant: id, name: "test", timeZone: "UTC" });
  const caller = await newKey(ledger, "live");
  if (limitMicros !== null) await ledger.change("put_budget", { ...WHOLE, limitMicros, ...options });
  return { id, ledger, caller };
}

export const WHOLE = {
  id: "whole",
  mode: "live",
  scope: { kind: "tenant" },
  window: "total",
  limitMicros: 0,
  timeZone: null,
  thresholds: [] as number[],
} as const;

export async function newKey(
  ledger: TenantLedgerApi,
  mode: "live" | "test",
  more: Partial<Omit<NewKey, "secret">> = {},
): Promise<Caller> {
  const caller = { keyId: hex(8), keyHash: hex(32), mode, ip: null } as const;
  await ledger.change("create_key", newKeyInput({ id: caller.keyId, hash: caller.keyHash, mode, ...more }));
  return caller;
}

/** A rate whose whole job of 5 s costs this. */
export const rate = (version: number, effectiveFrom: number, costMicros: number): OfferedRate => ({
  version,
  effectiveFrom,
  unit: "run",
  unitMicros: costMicros,
  costMicros,
});

export const request = (caller: Caller, more: Partial<ReserveRequest> = {}): ReserveRequest => ({
  caller,
  model: T2V,
  seconds: 5,
  tags: {},
  rates: [rate(1, 0, PRICE)],
  quote: null,
  refusal: null,
  idempotencyKey: null,
  bodyHash: "a",
  ...more,
});

/** Job ids of those that were admitted. */
export function admitted(results: Awaited<ReturnType<TenantLedgerApi["reserve"]>>[]): string[] {
  return results.flatMap((result) => (result.ok ? [result.value.job.jobId] : []));
}
