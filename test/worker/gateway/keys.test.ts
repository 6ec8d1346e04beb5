import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { parseConfig } from "../../../src/config.ts";
import { hashKey, mintKey, verifyKey } from "../../../src/keys/key.ts";
import type { KeyPatch } from "../../../src/ledger/key-store.ts";
import { testEnv } from "../../support/test-env.ts";
import { call, envelope, newTenant, T2V, type TestTenant } from "./api.ts";

const submit = (key: string, headers: Record<string, string> = {}): Promise<Response> =>
  call(key, "POST", `/api/v3/${T2V}`, { prompt: "[[sim: delay=1h]]" }, headers);

const patch = ({ ledger, keyId }: TestTenant, change: KeyPatch & { disabled?: boolean }) =>
  ledger.change("update_key", { id: keyId, patch: change });

const codeOf = async (response: Response): Promise<string | undefined> => (await envelope(response)).error?.code;

/** Another secret of the same key. */
async function rotate({ id, keyId, ledger }: TestTenant, overlapSeconds: number): Promise<string> {
  const { secrets } = parseConfig(testEnv);
  const key = mintKey({ kind: "live", tenant: id, keyId, secrets, random: randomBytes(16) });
  const parsed = verifyKey(key, secrets);
  if (!parsed) throw new Error("the minted key does not verify");
  const secret = { hash: hashKey(key, parsed, secrets), prefix: key.slice(0, 12), secretVersion: 1 };
  expect(await ledger.change("rotate_key", { id: keyId, secret, overlapSeconds })).toMatchObject({ ok: true });
  return key;
}

describe("scopes", () => {
  test("a key may do what it is for and nothing else", async () => {
    const tenant = await newTenant();
    await patch(tenant, { scopes: ["read"] });
    const refused = await submit(tenant.key);
    expect(refused.status).toBe(403);
    expect(await codeOf(refused)).toBe("scope_missing");
    expect(await tenant.ledger.entries(0, 1)).toMatchObject({ headSeq: 0 });
    const upload = await call(tenant.key, "POST", "/api/v3/media/uploads", {});
    expect(upload.status).toBe(403);
    const noJob = await call(tenant.key, "GET", `/api/v3/predictions/${"0".repeat(32)}/result`);
    expect(noJob.status).toBe(404);
  });

  test("without read a result is refused, the job goes on", async () => {
    const tenant = await newTenant();
    const id = String((await envelope(await submit(tenant.key))).data["id"]);
    await patch(tenant, { scopes: ["submit"] });
    // Not read before, so no isolate believes an older word of it.
    expect((await call(tenant.key, "GET", `/api/v3/predictions/${id}/result`)).status).toBe(403);
    expect((await submit(tenant.key)).status).toBe(200);
  });
});

describe("the address allow list", () => {
  test.each([
    ["203.0.113.9", 200],
    ["::ffff:203.0.113.9", 200],
    ["203.0.114.9", 403],
    ["nonsense", 403],
  ])("from %s is %i", async (ip, status) => {
    const tenant = await newTenant();
    await patch(tenant, { ips: ["203.0.113.0/24"] });
    expect((await submit(tenant.key, { "cf-connecting-ip": ip })).status).toBe(status);
  });

  test("from nowhere that is known: closed, for reads too", async () => {
    const tenant = await newTenant();
    await patch(tenant, { ips: ["203.0.113.0/24"] });
    const refused = await submit(tenant.key);
    expect(refused.status).toBe(403);
    expect(await codeOf(refused)).toBe("address_not_allowed");
    expect((await call(tenant.key, "GET", "/api/v3/balance")).status).toBe(403);
  });
});

describe("rotation", () => {
  test("both secrets work during the overlap, the old one says when it ends", async () => {
    const tenant = await newTenant();
    const fresh = await rotate(tenant, 3_600);
    const old = await submit(tenant.key);
    expect(old.status).toBe(200);
    const ends = Date.parse(old.headers.get("x-wavegate-key-expires") ?? "");
    expect(ends).toBeGreaterThan(Date.now() + 3_500_000);
    expect(ends).toBeLessThanOrEqual(Date.now() + 3_600_000);
    const renewed = await submit(fresh);
    expect(renewed.status).toBe(200);
    expect(renewed.headers.get("x-wavegate-key-expires")).toBeNull();
    expect((await call(tenant.key, "GET", "/api/v3/balance")).headers.get("x-wavegate-key-expires")).not.toBeNull();
  });

  test("without overlap the old secret spends nothing from then on", async () => {
    const tenant = await newTenant();
    const fresh = await rotate(tenant, 0);
    const old = await submit(tenant.key);
    expect(old.status).toBe(401);
    expect(await codeOf(old)).toBe("key_expired");
    expect((await submit(fresh)).status).toBe(200);
  });

  test("an Idempotency-Key goes with the key and not with its secret", async () => {
    const tenant = await newTenant();
    const headers = { "idempotency-key": "shot-1" };
    const first = await envelope(await submit(tenant.key, headers));
    const again = await submit(await rotate(tenant, 60), headers);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect((await envelope(again)).data["id"]).toBe(first.data["id"]);
  });
});

describe("stops", () => {
  test("a disabled key is 401, and works again when it is enabled", async () => {
    const tenant = await newTenant();
    await patch(tenant, { disabled: true });
    const refused = await submit(tenant.key);
    expect(refused.status).toBe(401);
    expect(await codeOf(refused)).toBe("key_disabled");
    await patch(tenant, { disabled: false });
    expect((await submit(tenant.key)).status).toBe(200);
  });

  test("a suspended tenant is 403 with the reason at once, and may still read", async () => {
    const tenant = await newTenant();
    const id = String((await envelope(await submit(tenant.key))).data["id"]);
    await tenant.ledger.change("set_status", { status: "suspended", reason: "invoice 7 is unpaid" });
    const refused = await submit(tenant.key);
    expect(refused.status).toBe(403);
    expect(await envelope(refused)).toMatchObject({
      message: expect.stringContaining("invoice 7 is unpaid"),
      error: { code: "tenant_suspended" },
    });
    expect((await call(tenant.key, "GET", `/api/v3/predictions/${id}/result`)).status).toBe(200);
    await tenant.ledger.change("set_status", { status: "active", reason: "" });
    expect((await submit(tenant.key)).status).toBe(200);
  });
});
