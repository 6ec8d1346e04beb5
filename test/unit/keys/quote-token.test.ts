import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { parseGatewaySecrets } from "../../../src/keys/gateway-secrets.ts";
import { mintQuote, QUOTE_CHARS_MAX, readQuote, type QuoteClaims } from "../../../src/keys/quote-token.ts";

const SECRET = "ab".repeat(32);
const ONE = parseGatewaySecrets(`1:${SECRET}`);
const OTHER = parseGatewaySecrets(`1:${"ba".repeat(32)}`);
const BOTH = parseGatewaySecrets(`1:${SECRET},2:${"cd".repeat(32)}`);
const TWO = parseGatewaySecrets(`2:${"cd".repeat(32)}`);

const CLAIMS: QuoteClaims = {
  id: "00112233445566ff",
  tenant: "0123456789ab",
  mode: "live",
  model: "kwaivgi/kling-v2.1-i2v-pro",
  seconds: 10,
  priceMicros: 900_000,
  rateVersion: 1,
  pricingVersion: 3,
  expiresAt: Date.parse("2026-11-21T12:15:00Z"),
};

/** A text with a genuine MAC over whatever is given: what a bug of ours could sign. */
function sign(json: string, domain = "wavegate quote"): string {
  const body = Buffer.from(json).toString("base64url");
  const mac = createHmac("sha256", SECRET).update(`${domain}\n${body}`).digest("base64url");
  return `wgq_${body}.1.${mac}`;
}

describe("a quote", () => {
  test("is read as it was minted", () => {
    const quote = mintQuote(CLAIMS, ONE);
    expect(quote).toMatch(/^wgq_[A-Za-z0-9_-]+\.1\.[A-Za-z0-9_-]{43}$/);
    expect(readQuote(quote, ONE)).toEqual(CLAIMS);
  });

  test("has one text for equal claims, in whatever order they are given, and no others in it", () => {
    const reversed = Object.fromEntries(Object.entries(CLAIMS).toReversed()) as unknown as QuoteClaims;
    const quote = mintQuote({ ...reversed, note: "not a claim" } as QuoteClaims, ONE);
    expect(quote).toBe(mintQuote(CLAIMS, ONE));
    expect(quote).toBe(sign(JSON.stringify(CLAIMS)));
  });

  test("fits with the longest model there may be and amounts beyond any", () => {
    const largest = { seconds: 86_400, priceMicros: Number.MAX_SAFE_INTEGER, rateVersion: 1e9, pricingVersion: 1e9 };
    const claims = { ...CLAIMS, ...largest, model: "m".repeat(200) };
    const quote = mintQuote(claims, ONE);
    expect(quote.length).toBeLessThanOrEqual(QUOTE_CHARS_MAX);
    expect(readQuote(quote, ONE)).toEqual(claims);
  });

  test("that would be too long to be read is not minted", () => {
    const most = Number.MAX_SAFE_INTEGER;
    const numbers = { seconds: most, priceMicros: most, rateVersion: most, pricingVersion: most, expiresAt: most };
    expect(() => mintQuote({ ...CLAIMS, ...numbers, model: "m".repeat(200) }, ONE)).toThrow(RangeError);
  });

  test("does not expire by itself: the caller has the clock", () => {
    const claims = { ...CLAIMS, expiresAt: 1 };
    expect(readQuote(mintQuote(claims, ONE), ONE)).toEqual(claims);
  });
});

describe("rotation", () => {
  test("the newest secret signs, both are honoured, and an old one is forgotten with its secret", () => {
    const old = mintQuote(CLAIMS, ONE);
    const fresh = mintQuote(CLAIMS, BOTH);
    expect(readQuote(old, BOTH)).toEqual(CLAIMS);
    expect(readQuote(fresh, BOTH)).toEqual(CLAIMS);
    expect(readQuote(fresh, TWO)).toEqual(CLAIMS);
    expect(readQuote(fresh, ONE)).toBeNull();
    expect(readQuote(old, TWO)).toBeNull();
  });

  test("a version that is not the one it was signed under is refused", () => {
    expect(readQuote(mintQuote(CLAIMS, ONE).replace(".1.", ".2."), BOTH)).toBeNull();
  });
});

describe("what this gateway did not sign is null", () => {
  const quote = mintQuote(CLAIMS, ONE);

  test("another gateway's", () => {
    expect(readQuote(mintQuote(CLAIMS, OTHER), ONE)).toBeNull();
  });

  test.each([
    ["nothing", ""],
    ["the prefix", "wgq_"],
    ["no MAC", quote.slice(0, quote.indexOf("."))],
    ["no version", quote.replace(".1.", ".")],
    ["a version with a leading zero", quote.replace(".1.", ".01.")],
    ["another prefix", quote.replace("wgq_", "wgx_")],
    ["a space before", ` ${quote}`],
    ["a line break after", `${quote}\n`],
    ["padding", `${quote}=`],
    ["a shorter MAC", quote.slice(0, -1)],
    ["a fourth part", `${quote}.x`],
    ["too much", `wgq_${"A".repeat(600)}${quote.slice(quote.indexOf("."))}`],
  ])("%s", (_, text) => {
    expect(readQuote(text, ONE)).toBeNull();
  });

  test("other claims under a genuine MAC of these", () => {
    const cheaper = Buffer.from(JSON.stringify({ ...CLAIMS, priceMicros: 1 })).toString("base64url");
    expect(readQuote(`wgq_${cheaper}${quote.slice(quote.indexOf("."))}`, ONE)).toBeNull();
  });

  test("a MAC made for something else under the same secret", () => {
    expect(readQuote(sign(JSON.stringify(CLAIMS), "wavegate hook"), ONE)).toBeNull();
    expect(readQuote(sign(JSON.stringify(CLAIMS)), ONE)).toEqual(CLAIMS);
  });
});

describe("signed, but not a quote, is null all the same", () => {
  const { id: _, ...noId } = CLAIMS;
  test.each<[string, string]>([
    ["no JSON", "quote"],
    ["null", "null"],
    ["a list", JSON.stringify(Object.values(CLAIMS))],
    ["a claim missing", JSON.stringify(noId)],
    ["a claim too many", JSON.stringify({ ...CLAIMS, admin: true })],
    ["a claim twice", JSON.stringify(CLAIMS).replace("{", '{"priceMicros":1,')],
    ["another order", JSON.stringify(Object.fromEntries(Object.entries(CLAIMS).toReversed()))],
    ["spaces", JSON.stringify(CLAIMS, null, 1)],
    ["bytes that are no UTF-8", "\ud800"],
  ])("%s", (_name, json) => {
    expect(readQuote(sign(json), ONE)).toBeNull();
  });
});

describe("a claim that is not of its form is neither signed nor read", () => {
  test.each<[keyof QuoteClaims, unknown]>([
    ["id", "00112233445566FF"],
    ["id", "00112233445566f"],
    ["tenant", "0123456789abc"],
    ["tenant", "0123456789ab\n"],
    ["mode", "mgmt"],
    ["model", ""],
    ["model", "a b"],
    ["model", 'a"b'],
    ["model", "m".repeat(201)],
    ["seconds", -1],
    ["seconds", 1.5],
    ["seconds", "10"],
    ["priceMicros", 0],
    ["priceMicros", Number.MAX_SAFE_INTEGER + 1],
    ["rateVersion", 0],
    ["pricingVersion", -1],
    ["pricingVersion", null],
    ["expiresAt", 0],
    ["expiresAt", Number.NaN],
  ])("%s of %j", (name, value) => {
    const claims = { ...CLAIMS, [name]: value } as QuoteClaims;
    expect(() => mintQuote(claims, ONE)).toThrow(RangeError);
    expect(readQuote(sign(JSON.stringify(claims)), ONE)).toBeNull();
  });
});
