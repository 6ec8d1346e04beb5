import { describe, expect, test } from "vitest";
import { call, envelope, newTenant, T2V } from "./api.ts";

const submit = (key: string, query: string, headers: Record<string, string> = {}) =>
  call(key, "POST", `/api/v3/${T2V}${query}`, { prompt: "[[sim: delay=1h]]" }, headers);

describe("?webhook= on a submit", () => {
  test.each([
    ["http://acme.dev/x", "must be an https URL"],
    ["https://10.0.0.1/x", "must name its host, not an IP address"],
    ["https://2130706433/x", "must name its host, not an IP address"],
    ["https://localhost/x", "must have a full host name"],
    ["http://127.0.0.1:4000/x", "must be an https URL"],
    ["https://acme.dev:8443/x", "must be on port 443"],
    ["https://a:b@acme.dev/x", "must not carry a user name or password"],
    ["nonsense", "must be a whole URL"],
  ])("%s is refused with 400, naming field, rule and value, and nothing is held", async (url, rule) => {
    const { key, ledger } = await newTenant();
    const refused = await submit(key, `?webhook=${encodeURIComponent(url)}`);
    expect(refused.status).toBe(400);
    const { error, message } = await envelope(refused);
    expect(error?.issues).toMatchObject([{ field: "webhook", value: url }]);
    expect(message).toContain(rule);
    expect((await ledger.entries(0, 10)).entries).toEqual([]);
  });

  test("one that may be is taken, encoded or as the older JavaScript client sends it", async () => {
    const { key } = await newTenant();
    expect((await submit(key, `?webhook=${encodeURIComponent("https://acme.dev/x?a=b&c=d")}`)).status).toBe(200);
    expect((await submit(key, "?webhook=https://acme.dev/x?a=b&c=d")).status).toBe(200);
    expect((await submit(key, "?webhook=")).status).toBe(200);
  });

  test("is part of what an Idempotency-Key stands for; the two ways to write it are one", async () => {
    const { key } = await newTenant();
    const once = { "idempotency-key": "k1" };
    const first = await envelope(await submit(key, "?webhook=https://acme.dev/x?a=b&c=d", once));
    const again = await submit(key, `?webhook=${encodeURIComponent("https://acme.dev/x?a=b&c=d")}`, once);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect((await envelope(again)).data["id"]).toBe(first.data["id"]);
    expect((await submit(key, "?webhook=https://acme.dev/other", once)).status).toBe(409);
    expect((await submit(key, "", once)).status).toBe(409);
  });
});

describe("GET /api/v3/webhook/secret", () => {
  test("shows the tenant's own, the same each time, and nobody else's", async () => {
    const [mine, other] = [await newTenant(), await newTenant()];
    const read = async (key: string) =>
      (await envelope(await call(key, "GET", "/api/v3/webhook/secret"))).data["secret"];
    const secret = await read(mine.key);
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(await read(mine.key)).toBe(secret);
    expect(await read(other.key)).not.toBe(secret);
  });

  test("is for keys that may submit, and never stored by a cache", async () => {
    const { key, keyId, ledger } = await newTenant();
    expect((await call(key, "GET", "/api/v3/webhook/secret")).headers.get("cache-control")).toBe("no-store");
    const reader = await newTenant();
    await reader.ledger.change("update_key", { id: reader.keyId, patch: { scopes: ["read"] } });
    expect((await call(reader.key, "GET", "/api/v3/webhook/secret")).status).toBe(403);
    expect((await call(null, "GET", "/api/v3/webhook/secret")).status).toBe(401);
    expect(await ledger.listKeys()).toMatchObject([{ id: keyId }]);
  });
});
