import fc from "fast-check";
import { KEY_SCOPES, type KeyScope } from "../../../../src/ledger/types.ts";
import { DAY_MS, ZONES } from "./calendar.ts";
import { ALLOW_LISTS, LIMIT_SCOPES, MODELS, SCOPES, SLOTS, type Change, type KeySettings } from "./step.ts";

const orNull = <T>(some: fc.Arbitrary<T>, weight = 1): fc.Arbitrary<T | null> =>
  fc.oneof({ weight, arbitrary: some }, { weight: 1, arbitrary: fc.constant(null) });

const kind = <K extends string>(name: K): fc.Arbitrary<K> => fc.constant(name);
const mode = fc.oneof({ weight: 4, arbitrary: kind("live") }, { weight: 1, arbitrary: kind("test") });
/** The last one of budgets is the sandbox's own. */
const slot = fc.oneof({ weight: 6, arbitrary: fc.nat({ max: 3 }) }, { weight: 1, arbitrary: fc.constant(SLOTS - 1) });
const key = fc.nat({ max: 5 });

/** Round ones meet jobs' prices exactly, or miss them by one; others come as they come. */
const amount = fc.oneof(
  fc.tuple(fc.nat({ max: 20 }), fc.constantFrom(-1, 0, 0, 1)).map(([n, more]) => Math.max(0, n * 250_000 + more)),
  fc.nat({ max: 10_000_000 }),
);
const basisPoints = fc.constantFrom(-9_999, -1_000, -1, 0, 1, 1_500, 33_333);
const thresholds = orNull(fc.subarray([1, 50, 80, 90, 100]), 2);

const settings = fc.record({
  team: fc.constantFrom(null, "film", "ads"),
  models: fc.oneof(
    { weight: 5, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.subarray<string>([...MODELS]) },
  ),
  scopes: fc.oneof(
    { weight: 5, arbitrary: fc.constant<KeyScope[]>([...KEY_SCOPES]) },
    { weight: 1, arbitrary: fc.subarray<KeyScope>([...KEY_SCOPES]) },
  ),
  ips: fc.oneof(
    { weight: 5, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.nat({ max: ALLOW_LISTS.length - 1 }) },
  ),
  dedupeWindowSeconds: fc.constantFrom(0, 0, 0, 60, 3_600),
  lifeMs: fc.constantFrom(null, null, null, 60_000, DAY_MS),
});
const someSettings: fc.Arbitrary<Partial<KeySettings> & { disabled?: boolean }> = fc
  .tuple(
    settings,
    fc.boolean(),
    fc.subarray(["team", "models", "scopes", "ips", "dedupeWindowSeconds", "lifeMs", "disabled"], { minLength: 1 }),
  )
  .map(([all, disabled, names]) =>
    Object.fromEntries(Object.entries({ ...all, disabled }).filter(([name]) => names.includes(name))),
  );

// Objects of the usual kind: others cannot be sent over RPC.
const usual = { noNullPrototype: true };
const basis = fc.oneof(
  fc.record({ markupBps: basisPoints }, usual),
  fc.record({ unitMicros: fc.constantFrom(0, 1, 50_000, 250_000) }, usual),
);
const pricing = fc.record(
  { markupBps: basisPoints, models: fc.dictionary(fc.constantFrom(...MODELS), basis, { maxKeys: 2, ...usual }) },
  usual,
);

const RARE = 1;
/** Everything that people can do to a tenant. */
export const anyChange: fc.Arbitrary<Change> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: kind("put_budget"),
      slot,
      mode,
      scope: fc.nat({ max: SCOPES.length - 1 }),
      window: fc.constantFrom("total" as const, "day" as const, "week" as const, "month" as const),
      zone: orNull(fc.nat({ max: ZONES.length - 1 })),
      limitMicros: amount,
      aboveUsed: fc.boolean(),
      thresholds,
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: kind("delete_budget"), slot }) },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: kind("put_limit"),
      slot,
      mode,
      scope: fc.nat({ max: LIMIT_SCOPES.length - 1 }),
      requestsPerMinute: orNull(fc.constantFrom(1, 7, 60, 60_000)),
      burst: orNull(fc.integer({ min: 1, max: 4 })),
      concurrentJobs: orNull(fc.nat({ max: 5 })),
      submitsPerDay: orNull(fc.nat({ max: 8 })),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: kind("delete_limit"), slot }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: kind("top_up"),
      amountMicros: fc.oneof(
        { weight: 9, arbitrary: amount.map((n) => n + 1) },
        { weight: RARE, arbitrary: fc.constant(Number.MAX_SAFE_INTEGER) },
      ),
      aboveUsed: fc.constant(false),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: kind("adjust_credit"),
      amountMicros: amount.map((n) => n - 500_000),
      aboveUsed: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: kind("set_credit_limit"),
      limitMicros: fc.oneof(
        { weight: 9, arbitrary: amount },
        { weight: RARE, arbitrary: fc.constant(Number.MAX_SAFE_INTEGER) },
      ),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: kind("close_credit"), atZero: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ kind: kind("set_pricing"), pricing }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: kind("set_status"),
      status: fc.constantFrom("active" as const, "active" as const, "suspended" as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(mode, settings).map(([mode, all]) => ({ kind: "create_key" as const, mode, ...all })),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(key, someSettings).map(([key, some]) => ({ kind: "update_key" as const, key, ...some })),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: kind("rotate_key"),
      key,
      overlapSeconds: fc.constantFrom(0, 1, 3_600, 30 * 86_400),
      times: fc.constantFrom(1, 1, 1, 1, 12),
    }),
  },
  { weight: RARE, arbitrary: fc.record({ kind: kind("revoke_key"), key }) },
);
