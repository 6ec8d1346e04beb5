import fc from "fast-check";
import { expect, test } from "vitest";
import { parseGatewaySecrets } from "../../../src/keys/gateway-secrets.ts";
import { mintQuote, QUOTE_CHARS_MAX, readQuote, type QuoteClaims } from "../../../src/keys/quote-token.ts";

const SECRETS = parseGatewaySecrets(`7:${"ab".repeat(32)}`);
const whole = (min: number): fc.Arbitrary<number> => fc.integer({ min, max: Number.MAX_SAFE_INTEGER });

const claims: fc.Arbitrary<QuoteClaims> = fc.record({
  id: fc.stringMatching(/^[0-9a-f]{16}$/),
  tenant: fc.stringMatching(/^[0-9a-f]{12}$/),
  mode: fc.constantFrom("live" as const, "test" as const),
  model: fc.stringMatching(/^[A-Za-z0-9._/-]{1,100}$/),
  seconds: whole(0),
  priceMicros: whole(1),
  rateVersion: whole(1),
  pricingVersion: whole(0),
  expiresAt: whole(1),
});

test("every quote is read as it was minted, and keeps to its length", () => {
  fc.assert(
    fc.property(claims, (given) => {
      const quote = mintQuote(given, SECRETS);
      expect(quote.length).toBeLessThanOrEqual(QUOTE_CHARS_MAX);
      expect(readQuote(quote, SECRETS)).toEqual(given);
    }),
  );
});

test("any character changed, added or taken away makes it no quote of ours", () => {
  const letter = fc.constantFrom(..."ABCXYZabcxyz0189-_.=+/ ");
  fc.assert(
    fc.property(claims, fc.nat(), letter, fc.constantFrom(0, 1), (given, where, other, taken) => {
      const quote = mintQuote(given, SECRETS);
      const at = where % (quote.length + 1 - taken);
      const forged = quote.slice(0, at) + other + quote.slice(at + taken);
      fc.pre(forged !== quote);
      expect(readQuote(forged, SECRETS)).toBeNull();
      const shorter = quote.slice(0, at) + quote.slice(at + 1);
      if (shorter !== quote) expect(readQuote(shorter, SECRETS)).toBeNull();
    }),
    { numRuns: 500 },
  );
});

test("no text throws", () => {
  const text = fc.oneof(fc.string(), fc.stringMatching(/^wgq_[A-Za-z0-9_-]{1,80}\.7\.[A-Za-z0-9_-]{43}$/));
  fc.assert(
    fc.property(text, (garbage) => {
      expect(readQuote(garbage, SECRETS)).toBeNull();
    }),
  );
});
