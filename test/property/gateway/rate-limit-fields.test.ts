import fc from "fast-check";
import { parseList } from "structured-headers";
import { expect, test } from "vitest";
import { rateLimitFields } from "../../../src/gateway/rate-limit-fields.ts";
import type { Quota } from "../../../src/ledger/types.ts";

const amount = fc.integer({ min: 0, max: 999_999_999_999_999 });
const quotas: fc.Arbitrary<Quota[]> = fc.array(
  fc.record({
    policy: fc.stringMatching(/^[\x20-\x7e]{1,40}$/),
    quota: amount,
    windowSeconds: fc.option(fc.integer({ min: 1, max: 31_536_000 })),
    unit: fc.constantFrom("requests" as const, "concurrent-requests" as const),
    remaining: amount,
    resetSeconds: fc.option(fc.nat(86_400)),
  }),
  { minLength: 1, maxLength: 6 },
);

/** Each item of a field as [name, its parameters]. */
const read = (field: string | undefined): unknown[] =>
  parseList(field ?? "").map(([name, parameters]) => [name, Object.fromEntries(parameters)]);

test("a parser of structured fields reads back every quota, and nothing else", () => {
  fc.assert(
    fc.property(quotas, (list) => {
      const fields = rateLimitFields(list);
      expect(read(fields?.["ratelimit-policy"])).toEqual(
        list.map(({ policy, quota, unit, windowSeconds }) => [
          policy,
          {
            q: quota,
            ...(unit === "requests" ? {} : { qu: unit }),
            ...(windowSeconds === null ? {} : { w: windowSeconds }),
          },
        ]),
      );
      expect(read(fields?.ratelimit)).toEqual(
        list.map(({ policy, remaining, resetSeconds }) => [
          policy,
          { r: remaining, ...(resetSeconds === null ? {} : { t: resetSeconds }) },
        ]),
      );
    }),
  );
});

test("what is made is fit for a header", () => {
  fc.assert(
    fc.property(quotas, (list) => {
      const headers = new Headers({ ...rateLimitFields(list) });
      expect(headers.get("RateLimit")).toMatch(/^"/);
      expect(headers.get("RateLimit-Policy")).toMatch(/^"/);
    }),
  );
});
