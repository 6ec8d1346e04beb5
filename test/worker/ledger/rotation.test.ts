import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Caller, TenantLedgerApi } from "../../../src/ledger/types.ts";
import { newKey, newTenant, NOON, PRICE, request } from "./tenant.ts";

const HOUR_MS = 3_600_000;
let secrets = 0;

/** The caller with the key's new secret. */
async function rotate(ledger: TenantLedgerApi, caller: Caller, overlapSeconds: number) {
  const keyHash = `${caller.keyId} ${++secrets}`;
  const secret = { hash: keyHash, prefix: "wg_", secretVersion: 1 };
  const answer = await ledger.change("rotate_key", { id: caller.keyId, secret, overlapSeconds });
  return { answer, rotated: { ...caller, keyHash } };
}

beforeEach(() => void vi.setSystemTime(NOON));
afterEach(() => void vi.useRealTimers());

describe("a rotated key", () => {
  test("without overlap: the old secret opens nothing from the answer on, the new one does", async () => {
    const { ledger, caller } = await newTenant(10 * PRICE);
    const { rotated } = await rotate(ledger, caller, 0);
    expect(await ledger.reserve(request(caller))).toMatchObject({ error: { code: "key_expired" } });
    expect(await ledger.reserve(request(rotated))).toMatchObject({ ok: true, keyExpiresAt: null });
  });

  test("with overlap: both work, the old one says until when, and not one millisecond longer", async () => {
    const { ledger, caller } = await newTenant(10 * PRICE);
    const { rotated } = await rotate(ledger, caller, 3_600);
    expect(await ledger.reserve(request(caller))).toMatchObject({ ok: true, keyExpiresAt: NOON + HOUR_MS });
    expect(await ledger.authenticate(caller)).toMatchObject({ value: { secretExpiresAt: NOON + HOUR_MS } });
    vi.setSystemTime(NOON + HOUR_MS - 1);
    expect(await ledger.reserve(request(caller))).toMatchObject({ ok: true });
    vi.setSystemTime(NOON + HOUR_MS);
    expect(await ledger.reserve(request(caller))).toMatchObject({ error: { code: "key_expired" } });
    expect(await ledger.reserve(request(rotated))).toMatchObject({ ok: true, keyExpiresAt: null });
  });

  test("keeps its id: Idempotency-Keys go on", async () => {
    const { ledger, caller } = await newTenant(10 * PRICE);
    const first = await ledger.reserve(request(caller, { idempotencyKey: "once" }));
    const { rotated } = await rotate(ledger, caller, 0);
    const again = await ledger.reserve(request(rotated, { idempotencyKey: "once" }));
    expect(again).toMatchObject({ value: { replayed: true, job: first.ok && first.value.job } });
  });

  test("a second rotation does not give the first secret more time", async () => {
    const { ledger, caller } = await newTenant(10 * PRICE);
    const { rotated } = await rotate(ledger, caller, 60);
    await rotate(ledger, rotated, 3_600);
    expect(await ledger.reserve(request(caller))).toMatchObject({ keyExpiresAt: NOON + 60_000 });
    expect(await ledger.reserve(request(rotated))).toMatchObject({ keyExpiresAt: NOON + HOUR_MS });
  });

  test("revoked, none of its secrets opens anything, and it cannot be rotated", async () => {
    const { ledger, caller } = await newTenant(10 * PRICE);
    const { rotated } = await rotate(ledger, caller, 3_600);
    await ledger.change("revoke_key", { id: caller.keyId });
    for (const who of [caller, rotated]) {
      expect(await ledger.reserve(request(who))).toMatchObject({ error: { code: "key_revoked" } });
    }
    expect((await rotate(ledger, caller, 0)).answer).toMatchObject({ error: { code: "conflict" } });
  });

  test("has ten secrets at most; a rotation refused for that leaves the one in use as it was", async () => {
    const { ledger, caller } = await newTenant(10 * PRICE);
    let current = caller;
    for (let time = 1; time < 10; time++) current = (await rotate(ledger, current, 3_600)).rotated;
    const { answer, rotated } = await rotate(ledger, current, 3_600);
    expect(answer).toMatchObject({ error: { code: "conflict" } });
    expect(await ledger.reserve(request(rotated))).toMatchObject({ error: { code: "invalid_key" } });
    expect(await ledger.reserve(request(current))).toMatchObject({ ok: true, keyExpiresAt: null });
  });
});

describe("the time that a reply names for a key's end", () => {
  test("is the key's own or the secret's, whichever is first", async () => {
    const { ledger } = await newTenant(10 * PRICE);
    const caller = await newKey(ledger, "live", { expiresAt: NOON + HOUR_MS });
    expect(await ledger.reserve(request(caller))).toMatchObject({ keyExpiresAt: NOON + HOUR_MS });
    const { rotated } = await rotate(ledger, caller, 60);
    expect(await ledger.reserve(request(caller))).toMatchObject({ keyExpiresAt: NOON + 60_000 });
    expect(await ledger.reserve(request(rotated))).toMatchObject({ keyExpiresAt: NOON + HOUR_MS });
    vi.setSystemTime(NOON + HOUR_MS);
    expect(await ledger.reserve(request(rotated))).toMatchObject({
      error: { code: "key_expired" },
      keyExpiresAt: null,
    });
  });
});
