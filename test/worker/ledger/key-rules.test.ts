import { runInDurableObject } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { KEY_SCOPES, type TenantLedgerApi } from "../../../src/ledger/types.ts";
import { admitted, newKey, newTenant, PRICE, request, stubOf, T2V, WHOLE } from "./tenant.ts";

const capture = (jobId: string) => ({ jobId, action: "capture", outcome: "completed", reason: "" }) as const;
const update = (ledger: TenantLedgerApi, id: string, patch: { disabled?: boolean; team?: string | null }) =>
  ledger.change("update_key", { id, patch });

describe("where a key may be used from", () => {
  const rows: [string, string[] | null, string | null, boolean][] = [
    ["no list: from anywhere", null, "198.51.100.1", true],
    ["no list: also from nobody knows where", null, null, true],
    ["inside the network", ["203.0.113.0/24"], "203.0.113.255", true],
    ["just outside it", ["203.0.113.0/24"], "203.0.114.0", false],
    ["IPv4 spelled as IPv6", ["203.0.113.0/24"], "::ffff:203.0.113.9", true],
    ["in the second network of the list", ["203.0.113.7/32", "2001:db8::/32"], "2001:db8::1", true],
    ["not known", ["203.0.113.0/24"], null, false],
    ["no address at all", ["0.0.0.0/0"], "localhost", false],
    ["an empty list allows nothing", [], "203.0.113.7", false],
  ];
  test.each(rows)("%s", async (_name, ips, ip, isAllowed) => {
    const { ledger } = await newTenant(PRICE);
    const caller = { ...(await newKey(ledger, "live", { ips })), ip };
    const answer = await ledger.reserve(request(caller));
    expect(answer).toMatchObject(isAllowed ? { ok: true } : { error: { code: "address_not_allowed" } });
  });
});

describe("what a key may do", () => {
  test.each([...KEY_SCOPES])("a key with the scope %s alone", async (scope) => {
    const { ledger } = await newTenant(PRICE);
    const caller = await newKey(ledger, "live", { scopes: [scope] });
    const answer = await ledger.reserve(request(caller));
    expect(answer).toMatchObject(scope === "submit" ? { ok: true } : { error: { code: "scope_missing" } });
    expect(await ledger.authenticate(caller)).toMatchObject({ value: { key: { scopes: [scope] } } });
  });

  test("only with the models of its list; an empty one is no model", async () => {
    const { ledger } = await newTenant(PRICE);
    const none = await newKey(ledger, "live", { models: [] });
    expect(await ledger.reserve(request(none))).toMatchObject({ error: { code: "model_not_allowed" } });
    const one = await newKey(ledger, "live", { models: [T2V] });
    expect(await ledger.reserve(request(one))).toMatchObject({ ok: true });
  });
});

describe("stops act on the next submit, and what runs settles", () => {
  test("a suspended tenant, with the reason that was given", async () => {
    const { ledger, caller } = await newTenant(10 * PRICE);
    const [job = ""] = admitted([await ledger.reserve(request(caller))]);
    await ledger.change("set_status", { status: "suspended", reason: "invoice 7 is open" });
    const refused = await ledger.reserve(request(caller));
    expect(refused).toMatchObject({ error: { code: "tenant_suspended" } });
    expect(refused.ok ? "" : refused.error.message).toContain("invoice 7 is open");
    expect(await ledger.authenticate(caller)).toMatchObject({ ok: true });
    expect(await ledger.settle(capture(job))).toBe("settled");
    await ledger.change("set_status", { status: "active", reason: "" });
    expect(await ledger.reserve(request(caller))).toMatchObject({ ok: true });
  });

  test("a disabled key, until it is enabled; never one that was revoked", async () => {
    const { ledger, caller } = await newTenant(10 * PRICE);
    const [job = ""] = admitted([await ledger.reserve(request(caller))]);
    await update(ledger, caller.keyId, { disabled: true });
    expect(await ledger.reserve(request(caller))).toMatchObject({ error: { code: "key_disabled" } });
    expect(await ledger.authenticate(caller)).toMatchObject({ error: { code: "key_disabled" } });
    expect(await ledger.settle(capture(job))).toBe("settled");
    await update(ledger, caller.keyId, { disabled: false });
    expect(await ledger.reserve(request(caller))).toMatchObject({ ok: true });
    await ledger.change("revoke_key", { id: caller.keyId });
    expect(await update(ledger, caller.keyId, { disabled: false })).toMatchObject({ error: { code: "conflict" } });
  });

  test("a key that moves to another team takes its next jobs there, and leaves the others", async () => {
    const { ledger } = await newTenant(10 * PRICE);
    const caller = await newKey(ledger, "live", { team: "film" });
    for (const team of ["film", "ads"]) {
      await ledger.change("put_budget", { ...WHOLE, id: team, scope: { kind: "team", team }, limitMicros: 3 * PRICE });
    }
    const [old = ""] = admitted([await ledger.reserve(request(caller))]);
    await update(ledger, caller.keyId, { team: "ads" });
    await ledger.reserve(request(caller));
    await ledger.settle(capture(old));
    expect((await ledger.budgets()).slice(0, 2)).toMatchObject([
      { id: "ads", heldMicros: PRICE, capturedMicros: 0 },
      { id: "film", heldMicros: 0, capturedMicros: PRICE },
    ]);
  });
});

test("a key that works is listed, however many were made and revoked after it", async () => {
  const { id, ledger, caller } = await newTenant(PRICE);
  await runInDurableObject(stubOf(id), (_object, { storage: { sql } }) => {
    sql.exec(
      `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
       INSERT INTO keys (id, name, mode, created_at, revoked_at)
         SELECT printf('%016x', i), 'gone', 'live', 9000000000000 + i, 9000000000000 + i FROM n`,
    );
  });
  const listed = await ledger.listKeys();
  expect(listed).toHaveLength(1_000);
  expect(listed.map((key) => key.id)).toContain(caller.keyId);
  expect(await newKey(ledger, "live")).toMatchObject({ mode: "live" });
});
