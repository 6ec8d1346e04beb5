import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Job, JobState } from "../../../src/jobs/job.ts";
import { transition, type JobEvent } from "../../../src/jobs/machine.ts";
import type { PostAnswer, PollAnswer } from "../../../src/upstream/answers.ts";
import { DAY, PACE, RESULT, T0, jobIn } from "./job-fixture.ts";

const postAnswer: fc.Arbitrary<PostAnswer> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ kind: "created", upstreamId: "u1", status: "created" } as const) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("not_created" as const),
      retryAfterMs: fc.option(fc.nat(600_000)),
      reason: fc.constant("HTTP 429"),
    }),
  },
  fc.constant({ kind: "refused", status: 400, code: 1401, message: "no" } as const),
  fc.constant({ kind: "account_fault", reason: "HTTP 402" } as const),
  { weight: 3, arbitrary: fc.constant({ kind: "lost", reason: "HTTP 504" } as const) },
);

const pollAnswer: fc.Arbitrary<PollAnswer> = fc.oneof(
  fc.constant({ kind: "working", status: "processing" } as const),
  fc.constant({ kind: "completed", result: RESULT } as const),
  fc.constant({ kind: "failed", result: RESULT } as const),
  fc.constant({ kind: "ended_unpriced", status: "deleted", result: RESULT } as const),
  fc.constant({ kind: "unrecognised", status: "pondering" } as const),
  fc.constant({ kind: "gone" } as const),
  fc.constant({ kind: "unreachable", reason: "HTTP 503" } as const),
);

const event: fc.Arbitrary<JobEvent> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ kind: "post_started" } as const) },
  { weight: 4, arbitrary: postAnswer.map((answer) => ({ kind: "post_answered", answer }) as const) },
  fc.constant({ kind: "send_limit_passed" } as const),
  { weight: 3, arbitrary: pollAnswer.map((answer) => ({ kind: "polled", answer }) as const) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom("charged", "refunded", "nothing", "unreachable")
      .map((answer) => ({ kind: "billed", answer }) as const),
  },
  fc.constant({ kind: "adopted", upstreamId: "u2" } as const),
  fc.constant({ kind: "claim_refused" } as const),
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("walked" as const),
      complete: fc.boolean(),
      unclaimed: fc.subarray(["u1", "u2"]),
    }),
  },
  fc.constant({ kind: "settled" } as const),
  fc.record({
    kind: fc.constant("polled_late" as const),
    answer: pollAnswer,
    upstreamId: fc.constantFrom("u1", "u2", "u3"),
  }),
);

/** The kinds of event that apply in a state: most steps are one of them, so that histories get far. */
const APPLICABLE: Partial<Record<JobState, JobEvent["kind"][]>> = {
  queued: ["post_started"],
  submitting: ["post_answered", "send_limit_passed"],
  unknown: ["walked", "walked", "adopted"],
  running: ["polled", "polled", "claim_refused"],
  cancelled: ["billed", "settled"],
  failed: ["settled", "polled_late"],
  expired: ["settled", "polled_late"],
};

/** Each step: several events to choose from, whether any of them will do, and the time that passes before it. */
const history = fc.array(
  fc.record({
    choices: fc.array(event, { minLength: 5, maxLength: 5 }),
    anyWillDo: fc.boolean(),
    passed: fc.oneof({ weight: 9, arbitrary: fc.nat(200_000) }, { weight: 1, arbitrary: fc.nat(5 * DAY) }),
  }),
  { maxLength: 40, size: "max" },
);

interface Step {
  event: JobEvent;
  before: Job;
  after: Job;
}

function play(steps: { choices: JobEvent[]; anyWillDo: boolean; passed: number }[]): Step[] {
  let job = jobIn({});
  let now = T0;
  return steps.flatMap(({ choices, anyWillDo, passed }) => {
    now += passed;
    const before = job;
    const kinds = APPLICABLE[before.state] ?? [];
    const next = choices.find(({ kind }) => anyWillDo || kinds.includes(kind)) ?? choices[0];
    if (!next) return [];
    job = { ...before, ...transition(before, next, now, PACE) };
    return [{ event: next, before, after: job }];
  });
}

const holds = (check: (steps: Step[]) => void): void => {
  fc.assert(
    fc.property(history, (steps) => check(play(steps))),
    { numRuns: 300 },
  );
};

describe("whatever happens to a job, in whatever order", () => {
  it("a second POST is permitted only after a certain 'not created'", () => {
    holds((steps) => {
      let mayPost = true;
      for (const { event: happened, before, after } of steps) {
        if (before.state !== "submitting" && after.state === "submitting") {
          expect(mayPost).toBe(true);
          mayPost = false;
        }
        const certain = happened.kind === "post_answered" && happened.answer.kind === "not_created";
        if (before.state === "submitting" && after.state === "queued") {
          expect(certain).toBe(true);
          mayPost = true;
        }
      }
    });
  });

  it("a hold is settled at most once", () => {
    holds((steps) => {
      const settlements = steps.filter(({ before, after }) => before.settlement === null && after.settlement !== null);
      expect(settlements.length).toBeLessThanOrEqual(1);
      const changed = steps.filter(
        ({ before, after }) => before.settlement && after.settlement && before.settlement !== after.settlement,
      );
      expect(changed).toEqual([]);
    });
  });

  it("an ended state is never left, but by a late completion; only a cancelled one that billing did not decide expires", () => {
    holds((steps) => {
      for (const { event: happened, before, after } of steps) {
        const isLate = happened.kind === "polled_late" && after.state === "completed";
        const state = isLate ? "completed" : before.state;
        if (before.outcome !== null) expect([after.state, after.outcome]).toEqual([state, before.outcome]);
        else if (before.state === "cancelled") expect(["cancelled", "expired"]).toContain(after.state);
      }
    });
  });

  it("only a completion or a charge in billing captures", () => {
    holds((steps) => {
      for (const { event: happened, before, after } of steps) {
        if (before.settlement !== null || after.settlement?.action !== "capture") continue;
        const completed = happened.kind === "polled" && happened.answer.kind === "completed";
        const charged = happened.kind === "billed" && happened.answer === "charged";
        expect(completed || charged).toBe(true);
      }
    });
  });

  it("a job that has a task has no other: it is only taken from one that runs, when it is another job's", () => {
    holds((steps) => {
      for (const { event: happened, before, after } of steps) {
        if (["queued", "submitting", "unknown"].includes(after.state)) expect(after.upstreamId).toBeNull();
        if (before.upstreamId === null || after.upstreamId === before.upstreamId) continue;
        expect([happened.kind, before.state, after.upstreamId]).toEqual(["claim_refused", "running", null]);
      }
    });
  });

  it("an open job is always due some time, and a settlement belongs to an ended one", () => {
    holds((steps) => {
      for (const { after } of steps) {
        if (after.outcome === null || after.settlement !== null) expect(after.nextAt).not.toBeNull();
        if (after.settlement !== null) expect(after.endedAt).not.toBeNull();
      }
    });
  });
});
