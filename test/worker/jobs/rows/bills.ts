import { expect } from "vitest";
import * as w from "../world.ts";
import { away, DAY, forgotten, HOUR, unpricedJob, type Scenario, type Submitted } from "./scenario.ts";

const KEPT = "end=deleted, refund=false";

/** Who pays is not known when the bill is asked. */
const asked = {
  given: () => unpricedJob(KEPT),
  when: ({ id }: Submitted) => w.ring(id),
  before: { state: "cancelled", outcome: null },
} satisfies Partial<Scenario>;

const settles = (action: "capture" | "release", more: object = {}): Scenario["after"] => ({
  state: "cancelled",
  outcome: "cancelled",
  settlement: expect.objectContaining({ action, outcome: "cancelled", ...more }),
});

const EXPIRED = {
  after: { state: "expired", settlement: expect.objectContaining({ action: "release", outcome: "expired" }) },
  money: ["held", "released"],
} satisfies Partial<Scenario>;

const STAYS = { money: ["held", "held"] } satisfies Partial<Scenario>;

/** WaveSpeed has no record, after these times. */
const noRecord =
  (ages: { created_at?: number; odd_since?: number } = {}) =>
  async ({ id }: Submitted) => {
    await w.age(id, "created_at", ages.created_at ?? 0);
    await w.age(id, "odd_since", ages.odd_since ?? 0);
    await forgotten();
    await w.ring(id);
  };

const decide = (action: "capture" | "release") => ({
  given: async () => {
    const job = await unpricedJob(KEPT);
    await noRecord({ odd_since: 5 * HOUR })(job);
    return job;
  },
  when: async ({ id }: Submitted) =>
    expect(await w.tracker(id).resolve(id, { action, reason: "seen there", actor: "operator:1" })).toBe("resolved"),
  before: { state: "cancelled" as const, outcome: null, needsOperator: true },
});

/** From `cancelled`. */
export const BILLS: Record<string, Scenario> = {
  "cancelled/billed:charged": { ...asked, after: settles("capture"), money: ["held", "captured"] },
  "cancelled/billed:refunded": {
    ...asked,
    given: () => unpricedJob("end=cancelled, refund"),
    after: settles("release"),
    money: ["held", "released"],
  },
  "cancelled/billed:nothing/no-record-overdue": {
    ...asked,
    when: noRecord({ created_at: 9 * DAY, odd_since: 5 * HOUR }),
    after: { ...EXPIRED.after, needsOperator: true },
    money: EXPIRED.money,
  },
  "cancelled/billed:nothing/overdue": {
    ...asked,
    when: noRecord({ created_at: 9 * DAY }),
    after: { ...EXPIRED.after, needsOperator: false },
    money: EXPIRED.money,
  },
  "cancelled/billed:nothing/no-record": {
    ...asked,
    ...STAYS,
    when: noRecord({ odd_since: 5 * HOUR }),
    after: { state: "cancelled", needsOperator: true, outcome: null },
  },
  "cancelled/billed:nothing": {
    ...asked,
    ...STAYS,
    when: noRecord(),
    after: { state: "cancelled", needsOperator: false, outcome: null, attempts: 2 },
  },
  "cancelled/billed:unreachable/overdue": {
    ...asked,
    ...EXPIRED,
    when: async ({ id }) => {
      await w.age(id, "created_at", 9 * DAY);
      await away("billings");
      await w.ring(id);
    },
  },
  "cancelled/billed:unreachable": {
    ...asked,
    ...STAYS,
    when: async ({ id }) => {
      await away("billings");
      await w.ring(id);
    },
    after: { state: "cancelled", needsOperator: false, outcome: null, attempts: 2 },
  },
  "cancelled/settled/pending": {
    ...asked,
    before: { state: "cancelled", settlement: expect.objectContaining({ action: "capture" }), settled: null },
    after: { state: "cancelled", settled: "capture", nextAt: null },
    money: ["held", "captured"],
  },
  "cancelled/resolved:capture": {
    ...decide("capture"),
    after: settles("capture", { resolvedBy: "operator:1" }),
    money: ["held", "captured"],
  },
  "cancelled/resolved:release": {
    ...decide("release"),
    after: {
      state: "failed",
      settlement: { action: "release", outcome: "failed", reason: "seen there", resolvedBy: "operator:1" },
    },
    money: ["held", "released"],
  },
};
