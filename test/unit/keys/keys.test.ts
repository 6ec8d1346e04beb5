import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseGatewaySecrets } from "../../../src/keys/gateway-secrets.ts";
import { hookToken, verifyHookToken } from "../../../src/keys/hook-mac.ts";
import { makeJobId, parseJobId, trackerName } from "../../../src/keys/job-id.ts";
import { hashKey, keyPrefix, keyStart, mintKey, NO_TENANT, PUBLIC_CHARS, verifyKey } from "../../../src/keys/key.ts";

const ONE = parseGatewaySecrets(`1:${"ab".repeat(32)}`);
const OTHER = parseGatewaySecrets(`1:${"ba".repeat(32)}`);
const BOTH = parseGatewaySecrets(`1:${"ab".repeat(32)},2:${"cd".repeat(32)}`);
const TWO = parseGatewaySecrets(`2:${"cd".repeat(32)}`);

const TENANT = "0123456789ab";
const KEY_ID = "00112233445566ff";
const mint = (secrets = ONE, kind: "live" | "test" | "mgmt" = "live"): string =>
  mintKey({
    kind,
    tenant: kind === "mgmt" ? NO_TENANT : TENANT,
    keyId: KEY_ID,
    secrets,
    random: new Uint8Array(16).fill(7),
  });

const hex = (length: number): fc.Arbitrary<string> =>
  fc
    .array(fc.constantFrom(..."0123456789abcdef"), { minLength: length, maxLength: length })
    .map((digits) => digits.join(""));

describe("how a key begins", () => {
  it("follows from what is no secret, and is another for each key of a tenant", () => {
    fc.assert(
      fc.property(hex(12), hex(16), hex(16), hex(32), (tenant, keyId, otherId, random) => {
        const key = mintKey({ kind: "live", tenant, keyId, secrets: BOTH, random: Buffer.from(random, "hex") });
        const parsed = verifyKey(key, BOTH);
        if (!parsed) throw new Error("a key that was just made does not verify");
        const start = keyStart(parsed);
        expect(key.slice(0, "wg_live_".length + PUBLIC_CHARS)).toBe(start);
        expect(keyStart({ ...parsed, keyId: otherId }) === start).toBe(otherId === keyId);
      }),
    );
  });
});

describe("the gateway's secret", () => {
  it("reads one or two versions, the newest last", () => {
    expect(ONE).toEqual({ newest: { version: 1, secret: "ab".repeat(32) }, previous: null });
    expect(BOTH.newest.version).toBe(2);
    expect(BOTH.previous?.version).toBe(1);
  });

  const good = "ab".repeat(32);
  it.each([
    "",
    good,
    `0:${good}`,
    `256:${good}`,
    `1:${good.slice(1)}`,
    `1:${good.toUpperCase()}`,
    `2:${good},1:${good}`,
    `1:${good},1:${good}`,
    `1:${good},2:${good},3:${good}`,
    `1:${good},`,
  ])("refuses %j without repeating it", (text) => {
    let message = "";
    try {
      parseGatewaySecrets(text);
    } catch (error) {
      message = String(error);
    }
    expect(message).toContain("WAVEGATE_SECRET");
    expect(message.toLowerCase()).not.toContain("abab");
  });
});

describe("API keys", () => {
  it.each(["live", "test"] as const)("a %s key names its tenant and its id", (kind) => {
    const key = mint(ONE, kind);
    expect(key).toMatch(new RegExp(`^wg_${kind}_[A-Za-z0-9_-]{63}$`));
    expect(verifyKey(key, ONE)).toEqual({ kind, tenant: TENANT, keyId: KEY_ID, secretVersion: 1 });
  });

  it("a management key names no tenant", () => {
    expect(verifyKey(mint(ONE, "mgmt"), ONE)).toMatchObject({ kind: "mgmt", tenant: NO_TENANT });
  });

  it("a forged key is refused: any character changed", () => {
    const key = mint();
    fc.assert(
      fc.property(
        fc.integer({ min: 8, max: key.length - 1 }),
        fc.constantFrom(..."ABCXYZabcxyz0189-_"),
        (at, letter) => {
          fc.pre(key[at] !== letter);
          const forged = key.slice(0, at) + letter + key.slice(at + 1);
          expect(verifyKey(forged, ONE)).toBeNull();
        },
      ),
    );
  });

  it("a key of one kind is not one of another", () => {
    const key = mint(ONE, "test");
    expect(verifyKey(key.replace("wg_test_", "wg_live_"), ONE)).toBeNull();
    expect(verifyKey(key.replace("wg_test_", "wg_mgmt_"), ONE)).toBeNull();
  });

  it.each(["", "wg_live_", "wg_live_abc", `wg_prod_${"a".repeat(63)}`, ` ${"x"}`, `wg_live_${"a".repeat(64)}`])(
    "%j is no key",
    (text) => {
      expect(verifyKey(text, ONE)).toBeNull();
      expect(verifyKey(`${mint()}\n`, ONE)).toBeNull();
    },
  );

  it("another gateway's key is refused", () => {
    expect(verifyKey(mint(OTHER), ONE)).toBeNull();
  });

  it("the secret is rotated with both valid, and then the old one is not", () => {
    const old = mint(ONE);
    const fresh = mint(BOTH);
    expect(verifyKey(old, BOTH)?.secretVersion).toBe(1);
    expect(verifyKey(fresh, BOTH)?.secretVersion).toBe(2);
    expect(verifyKey(fresh, TWO)?.keyId).toBe(KEY_ID);
    expect(verifyKey(old, TWO)).toBeNull();
    expect(verifyKey(fresh, ONE)).toBeNull();
  });

  it("stores a keyed hash that neither changes with the rotation nor shows the key", () => {
    const key = mint(ONE);
    const parsed = verifyKey(key, ONE);
    if (!parsed) throw new Error("the key does not verify");
    const hash = hashKey(key, parsed, ONE);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(hashKey(key, parsed, BOTH)).toBe(hash);
    expect(hashKey(key, parsed, OTHER)).not.toBe(hash);
    expect(() => hashKey(key, parsed, TWO)).toThrow("secret version");
    expect(key.startsWith(keyPrefix(key))).toBe(true);
    expect(keyPrefix(key)).toHaveLength(16);
  });

  it("a part of the wrong length makes no key", () => {
    expect(() =>
      mintKey({ kind: "live", tenant: "0123", keyId: KEY_ID, secrets: ONE, random: new Uint8Array(16) }),
    ).toThrow();
    expect(() =>
      mintKey({ kind: "live", tenant: TENANT, keyId: KEY_ID, secrets: ONE, random: new Uint8Array(8) }),
    ).toThrow();
  });
});

describe("job ids", () => {
  it("tell their tenant and shard", () => {
    fc.assert(
      fc.property(hex(12), fc.nat(65_535), hex(16), (tenant, shard, random) => {
        const id = makeJobId({ tenant, shard }, random);
        expect(id).toMatch(/^[0-9a-f]{32}$/);
        expect(parseJobId(id)).toEqual({ tenant, shard });
      }),
    );
  });

  it.each([
    "",
    "a".repeat(31),
    "a".repeat(33),
    "A".repeat(32),
    "g".repeat(32),
    `${"a".repeat(31)}\n`,
    `${"a".repeat(32)}\n`,
  ])("%j is none", (id) => expect(parseJobId(id)).toBeNull());

  it("name one tracker per tenant and shard", () => {
    expect(trackerName({ tenant: TENANT, shard: 3 })).toBe(`${TENANT}:3`);
  });
});

describe("the token in a webhook address", () => {
  const JOB = "a".repeat(32);

  it("belongs to one job and one gateway", () => {
    const token = hookToken(JOB, ONE);
    expect(verifyHookToken(JOB, token, ONE)).toBe(true);
    expect(verifyHookToken("b".repeat(32), token, ONE)).toBe(false);
    expect(verifyHookToken(JOB, token, OTHER)).toBe(false);
  });

  it("is valid through a rotation of the secret", () => {
    expect(verifyHookToken(JOB, hookToken(JOB, ONE), BOTH)).toBe(true);
    expect(verifyHookToken(JOB, hookToken(JOB, BOTH), ONE)).toBe(false);
    expect(verifyHookToken(JOB, hookToken(JOB, ONE), TWO)).toBe(false);
  });

  it("is refused cut, empty, of another version, or with anything that is no ASCII, without a throw", () => {
    const token = hookToken(JOB, ONE);
    const mac = token.slice(2);
    for (const given of [
      "",
      "1",
      "1.",
      mac,
      token.slice(0, -1),
      `${token}0`,
      `2.${mac}`,
      `NaN.${mac}`,
      `1.${mac.slice(0, 31)}\u00e9`,
    ]) {
      expect(verifyHookToken(JOB, given, ONE), given).toBe(false);
    }
  });
});
