import { decidedByPeople } from "./decided.ts";
import { both, expires, neverSent, OVERDUE } from "./ends.ts";
import type { EventOf } from "./event.ts";
import { BEFORE_THE_END, NOT_WAITING, WITHOUT_TASK } from "./ignored.ts";
import { ignored, type Case, type Change, type Condition, type Rows, type StateCells } from "./row.ts";
import { walkDelayMs } from "../pace.ts";
import { provesNothing, secondWalk, sendLimit } from "./walks.ts";

type Walked = EventOf<"walked">;

const again = ({ job, now, pace }: Case<Walked>): Change => ({
  nextAt: now + walkDelayMs(job.attempts, pace),
  attempts: job.attempts + 1,
});

const seen = ({ event, now }: Case<Walked>): Change => ({
  walks: 0,
  walkedAt: now,
  candidate: event.unclaimed[0] ?? null,
});

const PROVES_LITTLE: Condition<Walked> = {
  name: "in-part",
  words: "not complete, or before `sent_at` + `SUBMIT_MS_MAX`",
  holds: ({ job, event, now, pace }) => !event.complete || now < sendLimit(job, pace),
};

const SEES: Condition<Walked> = {
  name: "seen",
  words: "a task that may be its own is unclaimed",
  holds: ({ event }) => event.unclaimed.length > 0,
};

/**
 * Two complete walks, far enough apart that no POST of another job can still be in flight, decide:
 * nothing seen twice is nothing created. One and the same candidate seen twice is adopted by the
 * account object (event `adopted`); if it got here all the same, or there are several, people decide.
 */
const walked: Rows<Walked> = [
  expires(both(PROVES_LITTLE, OVERDUE)),
  {
    when: PROVES_LITTLE,
    effect: "next walk after `UNKNOWN_WALK_GAP_MS`; twice as long for each beyond the fifth, up to 16 times",
    change: again,
  },
  expires(both(SEES, OVERDUE)),
  {
    when: { name: "several", words: "several unclaimed", holds: ({ event }) => event.unclaimed.length > 1 },
    effect: "people are asked; the walks begin anew",
    change: (given) => ({ ...again(given), walks: 0, walkedAt: given.now, candidate: null, needsOperator: true }),
  },
  {
    when: {
      name: "same-one",
      words: "the one that the last walk saw, at least the gap ago, and it was not adopted",
      holds: ({ job, event, now, pace }) =>
        event.unclaimed.length > 0 && job.candidate === event.unclaimed[0] && secondWalk(job, now, pace),
    },
    effect: "people are asked; walks go on",
    change: (given) => ({ ...again(given), ...seen(given), needsOperator: true }),
  },
  {
    when: { ...SEES, name: "one", words: "one unclaimed" },
    effect: "remembered as the candidate; the walks begin anew",
    change: (given) => ({ ...again(given), ...seen(given) }),
  },
  {
    when: {
      name: "nothing-twice",
      words: "nothing unclaimed, as in the walk at least the gap before",
      holds: ({ job, now, pace }) => provesNothing(job, now, pace),
    },
    ...neverSent("it is proved that nothing was created", () => "nothing was created upstream"),
  },
  {
    when: {
      name: "too-soon",
      words: "nothing unclaimed, too soon after a walk that saw nothing",
      holds: ({ job, now, pace }) => job.walks > 0 && !secondWalk(job, now, pace),
    },
    effect: "does not count; next walk after the gap",
    change: again,
  },
  {
    otherwise: "nothing unclaimed, for the first time",
    effect: "`walks` is 1; next walk after the gap",
    change: (given) => ({ ...again(given), walks: given.job.walks + 1, walkedAt: given.now, candidate: null }),
  },
];

/** The POST may have created a task, or not. */
export const unknown: StateCells = {
  adopted: [
    {
      effect: "the task is claimed; polled at once",
      to: "running",
      change: ({ event, now }) => ({
        runningAt: now,
        upstreamId: event.upstreamId,
        claimed: true,
        needsOperator: false,
        attempts: 0,
        nextAt: now,
      }),
    },
  ],
  walked,
  resolved: decidedByPeople(),
  post_started: ignored("it may have been sent, so it is never sent again"),
  post_answered: ignored("the answer came too late: the row has moved on, and its task is looked for"),
  waited: NOT_WAITING,
  send_limit_passed: ignored("it has passed"),
  cancel_asked: ignored("WaveSpeed may have it, and offers no way to stop it"),
  ...WITHOUT_TASK,
  ...BEFORE_THE_END,
};
