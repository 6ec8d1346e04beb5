import { expect } from "vitest";
import * as w from "../world.ts";
import { account, away, DAY, submitted, type Scenario, type Submitted } from "./scenario.ts";

const EXPIRED = {
  after: { state: "expired", settlement: expect.objectContaining({ action: "release", outcome: "expired" }) },
  money: ["held", "released"],
} satisfies Partial<Scenario>;

const STAYS_HELD = { money: ["held", "held"] } satisfies Partial<Scenario>;

const lost = { before: { state: "unknown" } } satisfies Partial<Scenario>;

/** With a task that WaveSpeed lists, or without. */
const CREATED = { ...lost, given: () => submitted("http=500, created, delay=1h") };
const NOT_CREATED = { ...lost, given: () => submitted("http=500") };

const walk = ({ id }: Submitted) => w.nextWalk(id);

const after8Days = async ({ id }: Submitted) => {
  await w.age(id, "created_at", 9 * DAY);
  await w.nextWalk(id);
};

const decide =
  (action: "capture" | "release") =>
  async ({ id }: Submitted) =>
    expect(await w.tracker(id).resolve(id, { action, reason: "seen there", actor: "operator:1" })).toBe("resolved");

/** From `unknown`. */
export const LOST: Record<string, Scenario> = {
  "unknown/adopted": {
    ...CREATED,
    ...STAYS_HELD,
    when: async ({ id, text }) => w.tracker(id).hint(id, w.hook((await w.tasksOf(text))[0] ?? "")),
    after: { state: "running", claimed: true, needsOperator: false, upstreamId: expect.any(String) },
  },
  "unknown/walked/in-part-overdue": {
    ...CREATED,
    ...EXPIRED,
    when: async (job) => {
      await away("list");
      await after8Days(job);
    },
  },
  "unknown/walked/in-part": {
    ...NOT_CREATED,
    ...STAYS_HELD,
    when: async (job) => {
      await away("list");
      await walk(job);
    },
    after: { state: "unknown", walks: 0, walkedAt: null },
  },
  "unknown/walked/seen-overdue": { ...CREATED, ...EXPIRED, when: after8Days },
  "unknown/walked/several": {
    ...CREATED,
    ...STAYS_HELD,
    when: async (job) => {
      await w.simulator("POST", `/api/v3/${w.T2V}`, { prompt: job.text }).catch(() => null);
      expect(await w.tasksOf(job.text)).toHaveLength(2);
      await walk(job);
    },
    after: { state: "unknown", needsOperator: true, candidate: null, walks: 0 },
  },
  "unknown/walked/same-one": {
    ...STAYS_HELD,
    given: async () => {
      const job = await CREATED.given();
      // Another lost job with the same input: neither may take the task.
      await account().enterUnknown(w.hex(16), (await w.rowOf(job.id)).inputHash);
      await walk(job);
      return job;
    },
    when: walk,
    before: { state: "unknown", candidate: expect.any(String), needsOperator: false },
    after: { state: "unknown", candidate: expect.any(String), needsOperator: true },
  },
  "unknown/walked/one": {
    ...CREATED,
    ...STAYS_HELD,
    when: walk,
    after: { state: "unknown", candidate: expect.any(String), needsOperator: false, walks: 0 },
  },
  "unknown/walked/nothing-twice": {
    given: async () => {
      const job = await NOT_CREATED.given();
      await walk(job);
      return job;
    },
    when: walk,
    before: { state: "unknown", walks: 1 },
    after: { state: "failed", settlement: expect.objectContaining({ action: "release", outcome: "never_sent" }) },
    money: ["held", "released"],
  },
  "unknown/walked/too-soon": {
    ...STAYS_HELD,
    given: async () => {
      const job = await NOT_CREATED.given();
      await walk(job);
      return job;
    },
    when: ({ id }) => w.ring(id),
    before: { state: "unknown", walks: 1 },
    after: { state: "unknown", walks: 1 },
  },
  "unknown/walked": {
    ...NOT_CREATED,
    ...STAYS_HELD,
    when: walk,
    after: { state: "unknown", walks: 1, walkedAt: expect.any(Number), candidate: null },
  },
  "unknown/resolved:capture": {
    ...NOT_CREATED,
    when: decide("capture"),
    after: {
      state: "cancelled",
      settlement: { action: "capture", outcome: "cancelled", reason: "seen there", resolvedBy: "operator:1" },
    },
    money: ["held", "captured"],
  },
  "unknown/resolved:release": {
    ...NOT_CREATED,
    when: decide("release"),
    after: {
      state: "failed",
      settlement: { action: "release", outcome: "failed", reason: "seen there", resolvedBy: "operator:1" },
    },
    money: ["held", "released"],
  },
};
