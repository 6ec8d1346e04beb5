import { expect } from "vitest";
import * as w from "../world.ts";
import { claim, billless, DAY, HOUR, stoppedAt, submitted, type Scenario, type Submitted } from "./scenario.ts";

/** A running job whose task does this, at the next poll. */
const polled = (faults: string) => ({
  given: () => submitted(faults),
  when: ({ id }: Submitted) => w.ring(id),
  before: { state: "running" as const, claimed: true },
});

/** The same, polled on its ninth day. */
const overdue = (faults: string): Scenario => ({
  ...polled(faults),
  when: async ({ id }) => {
    await w.age(id, "created_at", 9 * DAY);
    await w.ring(id);
  },
  after: { state: "expired", settlement: expect.objectContaining({ action: "release", outcome: "expired" }) },
  money: ["held", "released"],
});

/** The same, after it has been odd for a time. The bill is asked at once, and cannot be read. */
const oddFor = (faults: string, ms: number): Scenario => ({
  ...polled(faults),
  given: async () => {
    const job = await submitted(faults);
    await w.ring(job.id);
    await w.age(job.id, "odd_since", ms);
    return job;
  },
  when: (job) => billless(() => w.ring(job.id), job),
  before: { state: "running", oddSince: expect.any(Number) },
  after: { state: "cancelled", outcome: null },
  money: ["held", "held"],
});

const stays = (faults: string, after: Scenario["after"]): Scenario => ({
  ...polled(faults),
  after,
  money: ["held", "held"],
});

const ODD = "delay=0s, end_status=pondering";

/** From `running`. */
export const POLLS: Record<string, Scenario> = {
  "running/polled:working/overdue": overdue("delay=1h"),
  "running/polled:working": stays("delay=1h", { state: "running", oddSince: null, attempts: 0 }),
  "running/polled:completed": {
    ...polled("delay=0s, nsfw"),
    after: { state: "completed", settlement: expect.objectContaining({ action: "capture", outcome: "completed" }) },
    money: ["held", "captured"],
  },
  "running/polled:failed": {
    ...polled("delay=0s, moderated"),
    after: { state: "failed", settlement: expect.objectContaining({ action: "release", outcome: "failed" }) },
    money: ["held", "released"],
  },
  "running/polled:ended_unpriced": {
    ...polled("delay=0s, end=cancelled"),
    when: (job) => billless(() => w.ring(job.id), job),
    after: { state: "cancelled", outcome: null },
    money: ["held", "held"],
  },
  "running/polled:gone/overdue": overdue("vanish"),
  "running/polled:gone/hour": oddFor("vanish", HOUR + 1_000),
  "running/polled:gone": stays("vanish", { state: "running", oddSince: expect.any(Number) }),
  "running/polled:unrecognised/overdue": overdue(ODD),
  "running/polled:unrecognised/day": oddFor(ODD, DAY + 1_000),
  "running/polled:unrecognised": stays(ODD, { state: "running", upstreamStatus: "pondering" }),
  "running/polled:unreachable/overdue": overdue("delay=1h, poll.http=503"),
  "running/polled:unreachable": stays("delay=1h, poll.http=503", { state: "running", attempts: 1, oddSince: null }),
  "running/claim_refused": {
    given: async () => {
      // Before it has claimed its task, another job does.
      const job = await stoppedAt("after_post_recorded", () => submitted("delay=1h"));
      const { upstreamId } = await w.rowOf(job.id);
      expect(await claim(upstreamId ?? "", w.hex(16))).toBe(true);
      return job;
    },
    when: ({ id }) => w.ring(id),
    before: { state: "running", claimed: false, upstreamId: expect.any(String) },
    after: { state: "unknown", claimed: false, upstreamId: null, needsOperator: true },
    money: ["held", "held"],
  },
};
