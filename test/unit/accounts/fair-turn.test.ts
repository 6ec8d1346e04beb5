import fc from "fast-check";
import { expect, it } from "vitest";
import { isBefore, placeOf, strideOf, type Turn } from "../../../src/accounts/fair-turn.ts";

/** Grants one after the other, as the account does, and tells in which order the tenants' jobs came. */
function grantAll(start: readonly Turn[]): string[] {
  const turns = start.map((turn) => ({ ...turn }));
  const order: string[] = [];
  for (;;) {
    const next = turns
      .filter(({ waiting }) => waiting > 0)
      .toSorted((a, b) => (isBefore(a, b) ? -1 : 1))
      .at(0);
    if (!next) return order;
    order.push(next.tenant);
    next.waiting -= 1;
    next.pass += strideOf(next.weight);
  }
}

const turns = fc
  .array(
    fc.record({
      pass: fc.integer({ min: 0, max: 5_000_000 }),
      weight: fc.integer({ min: 1, max: 9 }),
      waiting: fc.integer({ min: 1, max: 12 }),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((list) => list.map((turn, index) => ({ ...turn, tenant: `t${index}` })));

it("a job's place is how many grants come until its own, if nobody else comes", () => {
  fc.assert(
    fc.property(turns, (start) => {
      const order = grantAll(start);
      for (const own of start) {
        const places = order.flatMap((tenant, index) => (tenant === own.tenant ? [index + 1] : []));
        const told = Array.from({ length: own.waiting }, (_, ahead) => placeOf(own, ahead, start));
        expect(told).toEqual(places);
      }
    }),
    { numRuns: 500 },
  );
});

it("turns are shared by weight, whoever has how much waiting", () => {
  const start = [
    { tenant: "a", pass: 0, weight: 3, waiting: 1_000 },
    { tenant: "b", pass: 0, weight: 1, waiting: 40 },
  ];
  const first = grantAll(start).slice(0, 80);
  expect(first.filter((tenant) => tenant === "a")).toHaveLength(60);
});

it("a tenant that begins to wait where the turn is has one before it at most", () => {
  const long = { tenant: "a", pass: 7_777_777, weight: 1, waiting: 1_000 };
  for (const tenant of ["0", "z"]) {
    const late = { tenant, pass: 7_777_777, weight: 1, waiting: 1 };
    expect(placeOf(late, 0, [long, late])).toBeLessThanOrEqual(2);
  }
});
