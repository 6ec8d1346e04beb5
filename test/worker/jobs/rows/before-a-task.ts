import { expect } from "vitest";
import * as w from "../world.ts";
import { HOUR, queuedJob, submittingJob, type Scenario } from "./scenario.ts";

const ring = ({ id }: { id: string }) => w.ring(id);

/** A second POST, with this for an answer. */
const answered = (faults: string) => ({
  given: () => queuedJob(faults),
  when: ring,
  before: { state: "submitting" as const, upstreamId: null },
});

/** Somebody asks for a cancel while the POST is on its way. */
const cancelledMeanwhile = async ({ id }: { id: string }) => {
  const ringing = w.ring(id);
  await expect.poll(async () => (await w.rowOf(id)).state, { interval: 10, timeout: 5_000 }).toBe("submitting");
  expect(await w.tracker(id).cancel(id)).toBe("asked");
  await ringing;
};

const WITHDRAWN = { action: "release", outcome: "cancelled", reason: "cancelled before it was sent" } as const;

/** From `queued` and `submitting`. */
export const BEFORE_A_TASK: Record<string, Scenario> = {
  "queued/post_started": {
    given: () => queuedJob("delay=1h"),
    when: ring,
    before: { state: "queued" },
    after: { state: "submitting", sentAt: expect.any(Number) },
    money: ["held", "held"],
  },
  "queued/cancel_asked": {
    given: () => queuedJob("delay=1h"),
    when: async ({ id }) => expect(await w.tracker(id).cancel(id)).toBe("cancelled"),
    before: { state: "queued" },
    after: { state: "cancelled", outcome: "cancelled", settlement: expect.objectContaining({ action: "release" }) },
    money: ["held", "released"],
  },
  "submitting/post_answered:created": {
    ...answered("delay=1h"),
    after: { state: "running", upstreamId: expect.any(String), attempts: 0 },
    money: ["held", "held"],
  },
  "submitting/post_answered:not_created/cancel-asked": {
    ...answered("http=429, slow=1s"),
    when: cancelledMeanwhile,
    before: { state: "submitting", cancelAsked: true },
    after: {
      state: "cancelled",
      settlement: WITHDRAWN,
    },
    money: ["held", "released"],
  },
  "submitting/post_answered:not_created/day-old": {
    ...answered("http=429"),
    when: async ({ id }) => {
      await w.age(id, "created_at", 25 * HOUR);
      await w.ring(id);
    },
    after: { state: "failed", settlement: expect.objectContaining({ action: "release", outcome: "never_sent" }) },
    money: ["held", "released"],
  },
  "submitting/post_answered:not_created": {
    ...answered("http=429"),
    after: { state: "queued", attempts: 2 },
    money: ["held", "held"],
  },
  "submitting/post_answered:refused": {
    ...answered("refuse=1402, message=no such media"),
    after: {
      state: "failed",
      settlement: { action: "release", outcome: "failed", reason: "no such media" },
      refusal: { status: 400, code: 1402, message: "no such media" },
    },
    money: ["held", "released"],
  },
  "submitting/post_answered:account_fault/cancel-asked": {
    ...answered("http=402, slow=1s"),
    when: cancelledMeanwhile,
    before: { state: "submitting", cancelAsked: true },
    after: { state: "cancelled", settlement: WITHDRAWN },
    money: ["held", "released"],
  },
  "submitting/post_answered:account_fault": {
    ...answered("http=402"),
    after: {
      state: "failed",
      settlement: expect.objectContaining({ action: "release", outcome: "never_sent" }),
      refusal: null,
    },
    money: ["held", "released"],
  },
  "submitting/post_answered:lost": {
    ...answered("http=500"),
    after: { state: "unknown", unknownAt: expect.any(Number) },
    money: ["held", "held"],
  },
  "submitting/send_limit_passed": {
    given: submittingJob,
    when: ring,
    before: { state: "submitting" },
    after: { state: "unknown", unknownAt: expect.any(Number) },
    money: ["held", "held"],
  },
  "submitting/cancel_asked": {
    given: submittingJob,
    when: async ({ id }) => expect(await w.tracker(id).cancel(id)).toBe("asked"),
    before: { state: "submitting", cancelAsked: false },
    after: { state: "submitting", cancelAsked: true },
    money: ["held", "held"],
  },
};
