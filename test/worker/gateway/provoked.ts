import { randomBytes } from "node:crypto";
import { parseConfig } from "../../../src/config.ts";
import type { ErrorCode } from "../../../src/errors/catalogue.ts";
import { mintKey } from "../../../src/keys/key.ts";
import { mintQuote } from "../../../src/keys/quote-token.ts";
import type { KeyPatch } from "../../../src/ledger/key-store.ts";
import { forgetSettings, removePause, writeModelEnabled, writePause } from "../../../src/settings/index.ts";
import { testEnv } from "../../support/test-env.ts";
import { call, envelope, T2V, type TestTenant } from "./api.ts";
import { callWith, ledgersWith, marked, NO_D1, throwing, trackersWith } from "./broken.ts";

const WAITS = { prompt: "[[sim: delay=1h]]" };
const NONE = { requestsPerMinute: null, burst: null, concurrentJobs: null, submitsPerDay: null };
const PRICE = 1_300_000;

const submit = ({ key }: TestTenant, body: unknown = WAITS, headers: Record<string, string> = {}): Promise<Response> =>
  call(key, "POST", `/api/v3/${T2V}`, body, headers);

/** Changes something of the tenant first, then submits. */
const after =
  (change: (tenant: TestTenant) => Promise<unknown>): Provocation =>
  async (tenant) => {
    await change(tenant);
    return submit(tenant);
  };

const patched = (patch: KeyPatch & { disabled?: boolean }): Provocation =>
  after(({ ledger, keyId }) => ledger.change("update_key", { id: keyId, patch }));

const limited = (limit: Partial<typeof NONE> | Record<string, number>): Provocation =>
  after(async (tenant) => {
    const scope = { kind: "tenant" } as const;
    await tenant.ledger.change("put_limit", { id: "few", mode: "live", scope, ...NONE, ...limit });
    await submit(tenant);
  });

const quoted = (tenant: TestTenant, seconds: number, expiresAt: number): Promise<Response> => {
  const claims = { tenant: tenant.id, mode: "live", model: T2V, seconds, priceMicros: PRICE } as const;
  const versions = { id: randomBytes(8).toString("hex"), rateVersion: 1, pricingVersion: 1 };
  const quote = mintQuote({ ...claims, ...versions, expiresAt }, parseConfig(testEnv).secrets);
  return submit(tenant, WAITS, { "x-wavegate-quote": quote });
};

/** With settings that an operator made for a moment. */
async function whilePut(put: () => Promise<unknown>, undo: () => Promise<unknown>, tenant: TestTenant) {
  await put();
  forgetSettings(testEnv.CONTROL);
  try {
    return await submit(tenant);
  } finally {
    await undo();
    forgetSettings(testEnv.CONTROL);
  }
}

const PAUSE = { id: "p", kind: "gateway", subject: "", reason: "maintenance", actor: "test", createdAt: 0 } as const;
const NO_JOB = `/api/v3/predictions/${"0".repeat(32)}/result`;

/** A call of the tenant API that is refused with a code. The tenant has a budget of 100 USD and a live key. */
export type Provocation = (tenant: TestTenant) => Promise<Response>;

/**
 * Every code of the catalogue, as it is met over HTTP. A code without a provocation does not compile, and one
 * that no client can meet has no place in the catalogue.
 */
export const PROVOKED: Readonly<Record<ErrorCode, Provocation>> = {
  invalid_request: (tenant) => submit(tenant, { duration: 7 }),
  unknown_model: ({ key }) => call(key, "POST", "/api/v3/kwaivgi/kling-v9", WAITS),
  model_unpriced: after(({ ledger }) =>
    ledger.change("set_pricing", { markupBps: 0, models: { [T2V]: { unitMicros: 0 } } }),
  ),
  upstream_rejected: (tenant) => submit(tenant, { prompt: "[[sim: refuse=1402]]" }),
  invalid_key: ({ key }) => call(`${key.slice(0, -4)}AAAA`, "GET", "/api/v3/balance"),
  key_revoked: after(({ ledger, keyId }) => ledger.change("revoke_key", { id: keyId })),
  key_expired: patched({ expiresAt: 1 }),
  key_disabled: patched({ disabled: true }),
  credit_exhausted: after(({ ledger }) => ledger.change("set_credit_limit", { limitMicros: 1 })),
  budget_exceeded: after(({ ledger }) =>
    ledger.change("put_budget", {
      id: "team",
      mode: "live",
      scope: { kind: "model", model: T2V },
      window: "total",
      limitMicros: 1,
      timeZone: null,
    }),
  ),
  no_budget: after(({ ledger }) => ledger.change("delete_budget", { id: "whole" })),
  model_not_allowed: (tenant) =>
    whilePut(
      () => writeModelEnabled(testEnv.CONTROL, { model: T2V, enabled: false, updatedAt: 0 }),
      () => writeModelEnabled(testEnv.CONTROL, { model: T2V, enabled: true, updatedAt: 0 }),
      tenant,
    ),
  scope_missing: patched({ scopes: ["read"] }),
  address_not_allowed: patched({ ips: ["203.0.113.0/24"] }),
  tenant_suspended: after(({ ledger }) => ledger.change("set_status", { status: "suspended", reason: "unpaid" })),
  forbidden: () => {
    const { secrets } = parseConfig(testEnv);
    const operator = { kind: "mgmt", tenant: "0".repeat(12), keyId: "0".repeat(16) } as const;
    return call(mintKey({ ...operator, secrets, random: randomBytes(16) }), "GET", "/api/v3/balance");
  },
  not_found: ({ key }) => call(key, "GET", "/api/v3/nothing/here"),
  job_not_found: ({ key }) => call(key, "GET", NO_JOB),
  idempotency_conflict: async (tenant) => {
    await submit(tenant, WAITS, { "idempotency-key": "one" });
    return submit(tenant, { ...WAITS, duration: 10 }, { "idempotency-key": "one" });
  },
  quote_mismatch: (tenant) => quoted(tenant, 10, Date.now() + 60_000),
  quote_expired: (tenant) => quoted(tenant, 5, 1),
  conflict: async (tenant) => {
    const { data } = await envelope(await submit(tenant));
    return call(tenant.key, "POST", `/api/v3/predictions/${String(data["id"])}/cancel`);
  },
  body_too_large: (tenant) => submit(tenant, { prompt: "x".repeat(29 * 1024 * 1024) }),
  rate_limited: limited({ requestsPerMinute: 1 }),
  too_many_jobs: limited({ concurrentJobs: 1 }),
  daily_limit: limited({ submitsPerDay: 1 }),
  internal: ({ key }) =>
    callWith({ TENANT_LEDGER: throwing(new Error(`no such table: keys of ${key}`)) }, key, "GET", "/api/v3/balance"),
  gateway_unavailable: ({ key }) =>
    callWith(
      { TENANT_LEDGER: throwing(marked("Durable Object is overloaded.", { overloaded: true })) },
      key,
      "POST",
      `/api/v3/${T2V}`,
      WAITS,
    ),
  upstream_unavailable: ({ key }) =>
    callWith(
      { JOB_TRACKER: throwing(marked("Network connection lost.", { retryable: true })) },
      key,
      "POST",
      `/api/v3/${T2V}`,
      WAITS,
    ),
  paused: (tenant) =>
    whilePut(
      () => writePause(testEnv.CONTROL, PAUSE),
      () => removePause(testEnv.CONTROL, PAUSE.id),
      tenant,
    ),
  report_behind: ({ key }) => {
    const entries = () => Promise.resolve({ entries: [], headSeq: 1_000_000 });
    return callWith({ TENANT_LEDGER: ledgersWith({ entries }) }, key, "POST", "/api/v3/predictions", {});
  },
  no_room: ({ key }) => {
    const start = () => Promise.resolve("no_room");
    return callWith({ JOB_TRACKER: trackersWith({ start }) }, key, "POST", `/api/v3/${T2V}`, WAITS);
  },
  overloaded: async ({ key }) => {
    const [taken, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<never>()];
    const reserve = (): Promise<never> => {
      taken.resolve();
      return answered.promise;
    };
    const full = { SUBMITS_IN_HAND_MAX: "1", TENANT_LEDGER: ledgersWith({ reserve }) };
    const inHand = callWith(full, key, "POST", `/api/v3/${T2V}`, WAITS);
    await taken.promise;
    const refused = await callWith(full, key, "POST", `/api/v3/${T2V}`, WAITS);
    answered.reject(marked("Network connection lost.", { retryable: true }));
    await inHand;
    return refused;
  },
  settings_stale: ({ key }) => callWith({ CONTROL: NO_D1 }, key, "POST", `/api/v3/${T2V}`, WAITS),
};
