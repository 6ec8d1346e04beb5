import fc from "fast-check";
import { DAY_MS, HOUR_MS, STARTS, ZONES } from "./calendar.ts";
import { anyChange } from "./any-change.ts";
import { ADDRESSES, MODELS, TAGS, type Change, type Step, type Submit } from "./step.ts";

/** A history: where and when a tenant begins, what it is given first, and what happens then. */
export interface History {
  start: number;
  zone: number;
  steps: Step[];
}

/** How often each kind of step comes, against the others. */
export type Weights = Record<Step["do"], number>;

export const pick = fc.nat({ max: 1_000 });
const often = <T>(usual: T, others: fc.Arbitrary<T>, weight = 6): fc.Arbitrary<T> =>
  fc.oneof({ weight, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: others });

const submit: fc.Arbitrary<Submit> = fc.record({
  do: fc.constant("submit" as const),
  key: fc.oneof({ weight: 4, arbitrary: fc.nat({ max: 2 }) }, { weight: 1, arbitrary: pick }),
  secret: often(0, fc.nat({ max: 3 })),
  wrong: often<Submit["wrong"]>(null, fc.constantFrom("mode", "id", "hash"), 40),
  model: fc.nat({ max: MODELS.length - 1 }),
  seconds: fc.constantFrom(5, 10),
  tags: fc.nat({ max: TAGS.length - 1 }),
  ip: fc.nat({ max: ADDRESSES.length - 1 }),
  offer: often<Submit["offer"]>("all", fc.constantFrom("first", "last", "none")),
  quote: often<Submit["quote"]>(
    null,
    fc.record({ pick, fit: often(true, fc.constant(false), 3), foreign: often(false, fc.constant(true), 9) }),
    2,
  ),
  idempotency: often<number | null>(null, fc.nat({ max: 2 }), 2),
  body: fc.nat({ max: 1 }),
  refusal: often<Submit["refusal"]>(null, fc.constantFrom("paused", "unknown_model"), 15),
  times: often(1, fc.constantFrom(2, 5)),
});

const settle: fc.Arbitrary<Step> = fc
  .record({ pick, stranger: often(false, fc.constant(true), 30), captured: fc.boolean(), outcome: fc.nat({ max: 3 }) })
  .map(({ captured, outcome, ...rest }) => ({
    do: "settle" as const,
    action: captured ? ("capture" as const) : ("release" as const),
    outcome: captured ? ("completed" as const) : (["failed", "never_sent", "cancelled", "expired"] as const)[outcome]!,
    ...rest,
  }));

const spans = fc.oneof(
  fc.nat({ max: 2_000 }),
  fc.nat({ max: 120_000 }),
  fc.constantFrom(HOUR_MS, 3 * HOUR_MS, DAY_MS, 2 * DAY_MS, 2 * DAY_MS - 1, 9 * DAY_MS),
);

const KINDS: { [Kind in Step["do"]]: fc.Arbitrary<Step> } = {
  submit,
  settle,
  quote: fc.record({
    do: fc.constant("quote" as const),
    key: fc.nat({ max: 2 }),
    model: fc.nat({ max: MODELS.length - 1 }),
    seconds: fc.constantFrom(5, 10),
    lifeMs: fc.constantFrom(1, 900_000, DAY_MS),
  }),
  note: fc.record({
    do: fc.constant("note" as const),
    pick,
    kind: fc.constantFrom("unknown_entered" as const, "unknown_left" as const, "needs_operator" as const),
  }),
  arrive: fc.record({ do: fc.constant("arrive" as const), pick }),
  alarm: fc.constant({ do: "alarm" as const }),
  authenticate: fc.record({ do: fc.constant("authenticate" as const), key: pick, secret: fc.nat({ max: 3 }) }),
  publish: fc.record({
    do: fc.constant("publish" as const),
    model: fc.nat({ max: MODELS.length - 1 }),
    unit: fc.constantFrom("second" as const, "run" as const),
    unitMicros: fc.oneof(fc.constantFrom(1, 3, 50_000, 250_000), fc.integer({ min: 1, max: 400_000 })),
    leadMs: fc.constantFrom(0, 60_000, HOUR_MS, DAY_MS),
  }),
  change: fc.record({
    do: fc.constant("change" as const),
    change: anyChange,
    once: often<number | null>(null, fc.nat({ max: 2 }), 2),
  }),
  again: fc.record({ do: fc.constant("again" as const), pick, otherBody: often(false, fc.constant(true), 3) }),
  wait: fc.record({ do: fc.constant("wait" as const), ms: spans }),
  wait_for_window: fc.record({
    do: fc.constant("wait_for_window" as const),
    kind: often<"day" | "week" | "month">("day", fc.constantFrom("week", "month"), 2),
    zone: often<number | null>(null, fc.nat({ max: ZONES.length - 1 }), 3),
    offset: fc.constantFrom(-600_000, -1, 0, 1, 600_000, HOUR_MS),
  }),
  wait_for_rate: fc.record({
    do: fc.constant("wait_for_rate" as const),
    pick,
    offset: fc.constantFrom(-1, -1, 0),
  }),
  clock_back: fc.record({ do: fc.constant("clock_back" as const), ms: spans }),
  forget: fc.constant({ do: "forget" as const }),
  audit: fc.constant({ do: "audit" as const }),
};

const at = (offset: number): Step => ({ do: "wait_for_window", kind: "day", zone: null, offset });

/** A job of the last minutes of a day is captured, and a budget of the next day does not count it. */
const midnight: fc.Arbitrary<Step[]> = fc
  .record({ before: fc.constantFrom(600_000, 1), submit, anyChange })
  .map(({ before, submit, anyChange }) => [
    at(-before),
    submit,
    { do: "settle", pick: -1, action: "capture", outcome: "completed", stranger: false },
    at(0),
    { do: "change", change: anyChange.kind === "put_budget" ? anyChange : WHOLE_DAY, once: null },
  ]);

const WHOLE_DAY: Change = {
  kind: "put_budget",
  slot: 1,
  mode: "live",
  scope: 0,
  window: "day",
  zone: null,
  limitMicros: 5_000_000,
  aboveUsed: false,
  thresholds: null,
};

/** Histories of up to `stepsMax` steps, half as many on average. */
export const anyHistory = (weights: Weights, stepsMax: number): fc.Arbitrary<History> => {
  const kinds = Object.entries(weights) as [Step["do"], number][];
  const step = fc.oneof(...kinds.map(([kind, weight]) => ({ weight, arbitrary: KINDS[kind] })));
  const part = fc.oneof({ weight: 60, arbitrary: step.map((one) => [one]) }, { weight: 1, arbitrary: midnight });
  return fc.record({
    start: fc.nat({ max: STARTS.length - 1 }),
    zone: fc.nat({ max: ZONES.length - 1 }),
    steps: fc.array(part, { maxLength: stepsMax, size: "max" }).map((parts) => parts.flat()),
  });
};
