import { describe, expect, test } from "vitest";
import type { ErrorCode } from "../../../src/errors/catalogue.ts";
import type { KeyPatch } from "../../../src/ledger/key-store.ts";
import type { ReserveRequest, TenantLedgerApi } from "../../../src/ledger/types.ts";
import { admitted, newTenant, PRICE, rate, request, T2V, WHOLE } from "./tenant.ts";

/** A submit of which everything is wrong, and who can put right what. */
interface Wrong {
  ledger: TenantLedgerApi;
  job: ReserveRequest;
  patch: (patch: Omit<KeyPatch, "disabledAt"> & { disabled?: boolean }) => Promise<unknown>;
}
type Right = (wrong: Wrong) => unknown;
const MANY = { requestsPerMinute: null, burst: null, concurrentJobs: null, submitsPerDay: null };
const limit = (ledger: TenantLedgerApi, id: string, more: object) =>
  ledger.change("put_limit", { id, mode: "live", scope: { kind: "tenant" }, ...MANY, ...more });

/** Row by row: what the answer is while this and everything below is wrong, and what puts this right. */
const ROWS: readonly [ErrorCode, Right][] = [
  ["invalid_key", ({ job }) => (job.caller.keyHash = job.caller.keyHash.slice(1))],
  ["key_disabled", ({ patch }) => patch({ disabled: false })],
  ["key_expired", ({ patch }) => patch({ expiresAt: null })],
  ["address_not_allowed", ({ job }) => (job.caller.ip = "203.0.113.7")],
  ["scope_missing", ({ patch }) => patch({ scopes: ["submit"] })],
  ["tenant_suspended", ({ ledger }) => ledger.change("set_status", { status: "active", reason: "" })],
  ["model_not_allowed", ({ patch }) => patch({ models: [T2V] })],
  ["unknown_model", ({ job }) => (job.refusal = { code: "paused", message: "for repairs" })],
  ["idempotency_conflict", ({ job }) => (job.idempotencyKey = "another")],
  ["quote_mismatch", ({ job }) => (job.quote = job.quote && { ...job.quote, seconds: 5 })],
  ["quote_expired", ({ job }) => (job.quote = null)],
  ["settings_stale", ({ job }) => job.rates.push(rate(2, 0, PRICE))],
  ["no_budget", ({ ledger }) => ledger.change("set_credit_limit", { limitMicros: 0 })],
  ["budget_exceeded", ({ ledger }) => ledger.change("delete_budget", { id: "narrow" })],
  ["credit_exhausted", ({ ledger }) => ledger.change("top_up", { amountMicros: PRICE, reason: "x" })],
  ["too_many_jobs", ({ ledger }) => ledger.change("delete_limit", { id: "a" })],
  ["daily_limit", ({ ledger }) => ledger.change("delete_limit", { id: "b" })],
  ["rate_limited", ({ ledger }) => ledger.change("delete_limit", { id: "c" })],
  ["paused", ({ job }) => (job.refusal = null)],
];

async function everythingWrong(): Promise<Wrong> {
  const { id, ledger, caller } = await newTenant(PRICE);
  await limit(ledger, "a", { concurrentJobs: 1 });
  await limit(ledger, "b", { submitsPerDay: 1 });
  await limit(ledger, "c", { requestsPerMinute: 1 });
  const first = request(caller, { idempotencyKey: "once", bodyHash: "of then", rates: [rate(2, 0, PRICE)] });
  expect(admitted([await ledger.reserve(first)])).toHaveLength(1);
  await ledger.change("delete_budget", { id: "whole" });
  await ledger.change("put_budget", { ...WHOLE, id: "narrow", scope: { kind: "model", model: T2V } });
  await ledger.change("set_status", { status: "suspended", reason: "unpaid" });
  const patch: Wrong["patch"] = (change) => ledger.change("update_key", { id: caller.keyId, patch: change });
  await patch({ disabled: true, expiresAt: 1, ips: ["203.0.113.0/24"], scopes: ["read"], models: [] });
  const basis = { id: "0".repeat(16), priceMicros: 1, rateVersion: 1, pricingVersion: 1, expiresAt: 1 };
  const job = request(
    { ...caller, keyHash: `x${caller.keyHash}`, ip: "198.51.100.1" },
    {
      refusal: { code: "unknown_model", message: "not in the catalogue" },
      quote: { ...basis, tenant: id, mode: "live", model: T2V, seconds: 10 },
      idempotencyKey: "once",
    },
  );
  return { ledger, job, patch };
}

describe("the order of refusals: 401, 403, 400, 409, 402, 429, 503", () => {
  test("row by row, each told only when nothing above it is wrong; then the job is admitted", async () => {
    const wrong = await everythingWrong();
    const before = await wrong.ledger.entries(0, 500);
    for (const [code, putRight] of ROWS) {
      expect(await wrong.ledger.reserve(wrong.job), code).toMatchObject({ ok: false, error: { code } });
      await putRight(wrong);
    }
    expect(await wrong.ledger.reserve(wrong.job)).toMatchObject({ ok: true, value: { replayed: false } });
    const { entries } = await wrong.ledger.entries(before.headSeq, 500);
    expect(entries.map(({ body }) => body.kind)).toEqual(["credit_limit", "credit", "hold"]);
  });

  test("a key that was taken back for good is told so, whatever else is wrong", async () => {
    const wrong = await everythingWrong();
    wrong.job.caller.keyHash = wrong.job.caller.keyHash.slice(1);
    await wrong.ledger.change("revoke_key", { id: wrong.job.caller.keyId });
    expect(await wrong.ledger.reserve(wrong.job)).toMatchObject({ error: { code: "key_revoked" } });
  });

  test("a replay gets its job though everything below 403 is wrong", async () => {
    const wrong = await everythingWrong();
    for (const [, putRight] of ROWS.slice(0, 7)) await putRight(wrong);
    const replay = { ...wrong.job, bodyHash: "of then" };
    expect(await wrong.ledger.reserve(replay)).toMatchObject({ ok: true, value: { replayed: true } });
  });
});
