import { describe, expect, it } from "vitest";
import { ENDED, type Job, type JobState } from "../../../src/jobs/job.ts";
import { EXPIRED_MS, QUEUED_MS_MAX, transition, type JobEvent } from "../../../src/jobs/machine.ts";
import { DAY, HOUR, PACE, RESULT, T0, jobIn } from "./job-fixture.ts";

/** One event of each kind and each answer. */
const EVENTS = {
  post_started: { kind: "post_started" },
  created: { kind: "post_answered", answer: { kind: "created", upstreamId: "u1", status: "created" } },
  not_created: { kind: "post_answered", answer: { kind: "not_created", retryAfterMs: null, reason: "HTTP 429" } },
  refused: { kind: "post_answered", answer: { kind: "refused", status: 400, code: 1401, message: "bad field" } },
  account_fault: { kind: "post_answered", answer: { kind: "account_fault", reason: "HTTP 402" } },
  lost: { kind: "post_answered", answer: { kind: "lost", reason: "HTTP 502" } },
  send_limit_passed: { kind: "send_limit_passed" },
  cancel_asked: { kind: "cancel_asked" },
  working: { kind: "polled", answer: { kind: "working", status: "processing" } },
  completed: { kind: "polled", answer: { kind: "completed", result: RESULT } },
  failed: { kind: "polled", answer: { kind: "failed", result: { ...RESULT, outputs: [], code: 1405, error: "no" } } },
  ended_unpriced: { kind: "polled", answer: { kind: "ended_unpriced", status: "deleted", result: RESULT } },
  gone: { kind: "polled", answer: { kind: "gone" } },
  unrecognised: { kind: "polled", answer: { kind: "unrecognised", status: "pondering" } },
  unreachable: { kind: "polled", answer: { kind: "unreachable", reason: "HTTP 503" } },
  charged: { kind: "billed", answer: "charged" },
  refunded: { kind: "billed", answer: "refunded" },
  no_record: { kind: "billed", answer: "nothing" },
  billing_unreachable: { kind: "billed", answer: "unreachable" },
  adopted: { kind: "adopted", upstreamId: "u1" },
  claim_refused: { kind: "claim_refused" },
  walked_none: { kind: "walked", complete: true, unclaimed: [] },
  walked_one: { kind: "walked", complete: true, unclaimed: ["u1"] },
  walked_two: { kind: "walked", complete: true, unclaimed: ["u1", "u2"] },
  walked_in_part: { kind: "walked", complete: false, unclaimed: [] },
  settled: { kind: "settled" },
} as const satisfies Record<string, JobEvent>;

type EventName = keyof typeof EVENTS;

/** A row per state: what it becomes by each event that applies. All others change nothing. */
const TABLE: Record<JobState, Partial<Record<EventName, JobState>>> = {
  queued: { post_started: "submitting", cancel_asked: "cancelled" },
  submitting: {
    cancel_asked: "submitting",
    created: "running",
    not_created: "queued",
    refused: "failed",
    account_fault: "failed",
    lost: "unknown",
    send_limit_passed: "unknown",
  },
  unknown: {
    adopted: "running",
    walked_none: "unknown",
    walked_one: "unknown",
    walked_two: "unknown",
    walked_in_part: "unknown",
  },
  running: {
    working: "running",
    completed: "completed",
    failed: "failed",
    ended_unpriced: "cancelled",
    gone: "running",
    unrecognised: "running",
    unreachable: "running",
    claim_refused: "unknown",
  },
  cancelled: {
    charged: "cancelled",
    refunded: "cancelled",
    no_record: "cancelled",
    billing_unreachable: "cancelled",
  },
  completed: {},
  failed: {},
  expired: {},
  void: {},
};

/** How a job of each state looks in the machine's own rows. */
const SAMPLES: Record<JobState, Job> = {
  queued: jobIn({}),
  submitting: jobIn({ state: "submitting", sentAt: T0 }),
  unknown: jobIn({ state: "unknown", sentAt: T0 }),
  running: jobIn({ state: "running", sentAt: T0, upstreamId: "u1", claimed: true }),
  completed: jobIn({ state: "completed", outcome: "completed", endedAt: T0, nextAt: null }),
  failed: jobIn({ state: "failed", outcome: "failed", endedAt: T0, nextAt: null }),
  cancelled: jobIn({ state: "cancelled", upstreamId: "u1", endedAt: T0, oddSince: T0 }),
  expired: jobIn({ state: "expired", outcome: "expired", endedAt: T0, nextAt: null }),
  void: jobIn({ state: "void", nextAt: null }),
};

const STATES = Object.keys(TABLE) as JobState[];
const NAMES = Object.keys(EVENTS) as EventName[];
const CELLS = STATES.flatMap((state) => NAMES.map((name) => ({ state, name, becomes: TABLE[state][name] })));

/** Past the send limit, long before any other. */
const SOON = T0 + 5 * 60_000;

describe("every state and every event", () => {
  it.each(CELLS)("$state, $name: $becomes", ({ state, name, becomes }) => {
    const change = transition(SAMPLES[state], EVENTS[name], SOON, PACE);
    if (becomes === undefined) expect(change).toEqual({});
    else {
      expect(Object.keys(change)).not.toEqual([]);
      expect(change.state ?? state).toBe(becomes);
    }
  });

  it("gives every open row a time at which it is looked at again", () => {
    for (const { state, name, becomes } of CELLS) {
      // A cancel while the POST is on its way leaves the row its limit.
      if (becomes === undefined || (state === "submitting" && name === "cancel_asked")) continue;
      const after = { ...SAMPLES[state], ...transition(SAMPLES[state], EVENTS[name], SOON, PACE) };
      expect(after.nextAt, `${state}, ${name}`).toBeGreaterThanOrEqual(SOON);
    }
  });

  it("settles an ended row once, and then has nothing left to do", () => {
    const settlement = { action: "capture", outcome: "completed", reason: "" } as const;
    const job = { ...SAMPLES.completed, settlement, nextAt: T0 };
    expect(transition(job, EVENTS.settled, SOON, PACE)).toEqual({
      settlement: null,
      settled: "capture",
      settledAt: SOON,
      nextAt: null,
    });
  });

  it.each(["completed", "failed", "cancelled", "expired"] as const)("%s and settled: ignores everything", (state) => {
    const job = { ...SAMPLES[state], outcome: state, nextAt: null, settlement: null };
    for (const name of NAMES) expect(transition(job, EVENTS[name], T0 + 9 * DAY, PACE), name).toEqual({});
  });
});

describe("how jobs end in money", () => {
  const settlementOf = (state: JobState, name: EventName) =>
    transition(SAMPLES[state], EVENTS[name], SOON, PACE).settlement ?? null;

  it.each([
    ["running", "completed", "capture", "completed"],
    ["running", "failed", "release", "failed"],
    ["submitting", "refused", "release", "failed"],
    ["submitting", "account_fault", "release", "never_sent"],
    ["cancelled", "charged", "capture", "cancelled"],
    ["cancelled", "refunded", "release", "cancelled"],
  ] as const)("%s, %s: %s as %s", (state, name, action, outcome) => {
    expect(settlementOf(state, name)).toMatchObject({ action, outcome });
  });

  it("cancelled and deleted say nothing of money: billing is asked", () => {
    expect(settlementOf("running", "ended_unpriced")).toBeNull();
    expect(transition(SAMPLES.running, EVENTS.ended_unpriced, SOON, PACE)).toMatchObject({
      state: "cancelled",
      nextAt: SOON,
    });
  });

  it("captures nothing on any answer but completed and a billing record", () => {
    for (const { state, name } of CELLS) {
      if (settlementOf(state, name)?.action === "capture") expect(["completed", "charged"]).toContain(name);
    }
  });

  it("passes the refusal of an input on as it came, and the account's fault not at all", () => {
    const refused = transition(SAMPLES.submitting, EVENTS.refused, SOON, PACE);
    expect(refused.refusal).toEqual({ status: 400, code: 1401, message: "bad field" });
    const fault = transition(SAMPLES.submitting, EVENTS.account_fault, SOON, PACE);
    expect(fault.refusal).toBeUndefined();
    expect(JSON.stringify(fault)).not.toContain("402");
  });
});

describe("an unknown word or field is never by itself a charge or a refund", () => {
  it("stays running for 24 hours of an unrecognised status, then asks billing", () => {
    const first = transition(SAMPLES.running, EVENTS.unrecognised, SOON, PACE);
    expect(first).toMatchObject({ oddSince: SOON });
    const odd = { ...SAMPLES.running, ...first };
    expect(transition(odd, EVENTS.unrecognised, SOON + DAY, PACE).state).toBeUndefined();
    const given = transition(odd, EVENTS.unrecognised, SOON + DAY + 1, PACE);
    expect(given).toMatchObject({ state: "cancelled" });
    expect(given.settlement).toBeUndefined();
  });

  it("stays running for an hour of 404, then asks billing", () => {
    const odd = { ...SAMPLES.running, ...transition(SAMPLES.running, EVENTS.gone, SOON, PACE) };
    expect(transition(odd, EVENTS.gone, SOON + HOUR, PACE).state).toBeUndefined();
    const given = transition(odd, EVENTS.gone, SOON + HOUR + 1, PACE);
    expect(given).toMatchObject({ state: "cancelled" });
    expect(given.settlement).toBeUndefined();
  });

  it("a first 404 after a day of an unknown word is no hour of 404", () => {
    const odd = { ...SAMPLES.running, ...transition(SAMPLES.running, EVENTS.unrecognised, SOON, PACE) };
    expect(transition(odd, EVENTS.gone, SOON + 2 * HOUR, PACE)).toMatchObject({ oddSince: SOON + 2 * HOUR });
  });

  it("begins to count anew when the task was seen in between", () => {
    const odd = { ...SAMPLES.running, oddSince: SOON };
    expect(transition(odd, EVENTS.working, SOON + 1, PACE)).toMatchObject({ oddSince: null });
  });

  it("does not count hours in which WaveSpeed could not be reached as 404", () => {
    expect(transition(SAMPLES.running, EVENTS.unreachable, SOON + DAY, PACE)).not.toHaveProperty("oddSince");
  });

  it("asks people when billing has no record for 4 hours, and keeps the hold", () => {
    expect(transition(SAMPLES.cancelled, EVENTS.no_record, T0 + 4 * HOUR, PACE).needsOperator).toBeUndefined();
    const late = transition(SAMPLES.cancelled, EVENTS.no_record, T0 + 4 * HOUR + 1, PACE);
    expect(late).toMatchObject({ needsOperator: true });
    expect(late.settlement).toBeUndefined();
    const unreachable = transition(SAMPLES.cancelled, EVENTS.billing_unreachable, T0 + 4 * HOUR + 1, PACE);
    expect(unreachable.needsOperator).toBeUndefined();
  });
});

describe("timing out is not failing", () => {
  const late = [
    ["running", "working"],
    ["running", "gone"],
    ["running", "unrecognised"],
    ["running", "unreachable"],
    ["unknown", "walked_one"],
    ["unknown", "walked_two"],
    ["unknown", "walked_in_part"],
    ["cancelled", "no_record"],
  ] as const;

  it.each(late)("%s, %s: open for 8 days, then expired and released", (state, name) => {
    expect(transition(SAMPLES[state], EVENTS[name], T0 + EXPIRED_MS, PACE).settlement).toBeUndefined();
    expect(transition(SAMPLES[state], EVENTS[name], T0 + EXPIRED_MS + 1, PACE)).toMatchObject({
      state: "expired",
      settlement: { action: "release", outcome: "expired" },
    });
  });

  it("captures a completion that is seen after 8 days, while the job was not given up", () => {
    expect(transition(SAMPLES.running, EVENTS.completed, T0 + 9 * DAY, PACE)).toMatchObject({
      state: "completed",
      settlement: { action: "capture" },
    });
  });
});

describe("the first poll", () => {
  const pace = { ...PACE, usualMs: 120_000, hooks: true };

  it("waits for the webhook, counted from the POST", () => {
    const sentAt = SOON - 1_000;
    const change = transition({ ...SAMPLES.submitting, sentAt }, EVENTS.created, SOON, pace);
    expect(change).toMatchObject({ nextAt: sentAt + 150_000 });
  });

  it("is at once where the webhook was quicker than the answer: it does not come again", () => {
    const told = { ...SAMPLES.submitting, hookSeen: "v3,00" };
    expect(transition(told, EVENTS.created, SOON, pace)).toMatchObject({ nextAt: SOON });
  });
});

describe("not created: sent again later, for 24 hours", () => {
  it("waits for the later of Retry-After and its back-off: 0 is no invitation to a flood", () => {
    const answer = { kind: "not_created", retryAfterMs: 7_000, reason: "HTTP 429" } as const;
    expect(transition(SAMPLES.submitting, { kind: "post_answered", answer }, SOON, PACE)).toMatchObject({
      state: "queued",
      nextAt: SOON + 7_000,
    });
    expect(transition(SAMPLES.submitting, EVENTS.not_created, SOON, PACE)).toMatchObject({
      nextAt: SOON + 2_000,
      attempts: 1,
    });
    const tired = { ...SAMPLES.submitting, attempts: 3 };
    const atOnce = { kind: "not_created", retryAfterMs: 0, reason: "HTTP 429" } as const;
    expect(transition(tired, { kind: "post_answered", answer: atOnce }, SOON, PACE)).toMatchObject({
      nextAt: SOON + 16_000,
    });
    expect(transition(tired, EVENTS.not_created, SOON, PACE)).toMatchObject({ nextAt: SOON + 16_000, attempts: 4 });
  });

  it("is cancelled instead where somebody asked for that while it was on its way", () => {
    expect(transition(SAMPLES.submitting, EVENTS.cancel_asked, SOON, PACE)).toEqual({ cancelAsked: true });
    const asked = { ...SAMPLES.submitting, cancelAsked: true };
    expect(transition(asked, EVENTS.not_created, SOON, PACE)).toMatchObject({
      state: "cancelled",
      settlement: { action: "release", outcome: "cancelled" },
    });
    expect(transition(asked, EVENTS.created, SOON, PACE)).toMatchObject({ state: "running" });
  });

  it("gives up after 24 hours, as never sent", () => {
    expect(transition(SAMPLES.submitting, EVENTS.not_created, T0 + QUEUED_MS_MAX, PACE).state).toBe("queued");
    expect(transition(SAMPLES.submitting, EVENTS.not_created, T0 + QUEUED_MS_MAX + 1, PACE)).toMatchObject({
      state: "failed",
      settlement: { action: "release", outcome: "never_sent" },
    });
  });
});

describe("nothing was created needs two walks, apart, after the send limit", () => {
  const AFTER = T0 + PACE.submitMsMax;
  const once = jobIn({ state: "unknown", sentAt: T0, walks: 1, walkedAt: AFTER });

  it("does not count a walk before the send limit", () => {
    expect(transition(SAMPLES.unknown, EVENTS.walked_none, AFTER - 1, PACE).walks).toBeUndefined();
    expect(transition(SAMPLES.unknown, EVENTS.walked_none, AFTER, PACE)).toMatchObject({ walks: 1, walkedAt: AFTER });
  });

  it("does not count an incomplete walk", () => {
    expect(transition(once, EVENTS.walked_in_part, AFTER + DAY, PACE).settlement).toBeUndefined();
    expect(transition(once, EVENTS.walked_in_part, AFTER + DAY, PACE).walks).toBeUndefined();
  });

  it("does not count a second walk too soon after the first", () => {
    const soon = transition(once, EVENTS.walked_none, AFTER + PACE.unknownWalkGapMs - 1, PACE);
    expect(soon.settlement).toBeUndefined();
    expect(soon.walks).toBeUndefined();
  });

  it("releases after the second", () => {
    expect(transition(once, EVENTS.walked_none, AFTER + PACE.unknownWalkGapMs, PACE)).toMatchObject({
      state: "failed",
      settlement: { action: "release", outcome: "never_sent" },
    });
  });

  it("begins anew when a candidate was seen in between", () => {
    const seen = transition(once, EVENTS.walked_one, AFTER + PACE.unknownWalkGapMs, PACE);
    expect(seen).toMatchObject({ walks: 0, candidate: "u1" });
    const then = transition({ ...once, ...seen }, EVENTS.walked_none, AFTER + 2 * PACE.unknownWalkGapMs, PACE);
    expect(then).toMatchObject({ walks: 1, candidate: null });
    expect(then.settlement).toBeUndefined();
  });

  it("asks people about several candidates, or one that was seen twice and could not be adopted", () => {
    expect(transition(SAMPLES.unknown, EVENTS.walked_two, AFTER, PACE)).toMatchObject({ needsOperator: true });
    expect(transition(SAMPLES.unknown, EVENTS.walked_one, AFTER, PACE).needsOperator).toBeUndefined();
    const again = { ...SAMPLES.unknown, candidate: "u1", walkedAt: AFTER };
    expect(transition(again, EVENTS.walked_one, AFTER + PACE.unknownWalkGapMs, PACE)).toMatchObject({
      needsOperator: true,
    });
  });
});

describe("the states that are ended", () => {
  it("are the five that a row never leaves by itself", () => {
    expect([...ENDED].toSorted()).toEqual(["cancelled", "completed", "expired", "failed", "void"]);
  });
});
