import { retryDelayMs } from "../pace.ts";
import { decidedByPeople } from "./decided.ts";
import { both, expires, OVERDUE } from "./ends.ts";
import { BILLING_MS_MAX } from "./limits.ts";
import { AFTER_THE_END, NO_LOSS, NOT_GIVEN_UP } from "./ignored.ts";
import type { ByAnswer, Case, Change, Condition, Effect, StateCells } from "./row.ts";
import { SETTLED } from "./settling.ts";
import { isUnclear } from "./unclear.ts";

const again = ({ job, now, pace }: Case<unknown>): Change => ({
  attempts: job.attempts + 1,
  nextAt: now + retryDelayMs(job.attempts + 4, pace),
});

const NO_RECORD: Condition<unknown> = {
  name: "no-record",
  words: "over 4 h without a record",
  holds: ({ job, now }) => now - (job.oddSince ?? now) > BILLING_MS_MAX,
};

const settles = (action: "capture" | "release", reason: string, effect: string): Effect<unknown> => ({
  effect,
  settle: { action, outcome: "cancelled", because: () => ({ reason }) },
  change: ({ now }) => ({ nextAt: now }),
});

const billed: ByAnswer<"billed"> = {
  unless: {
    when: { name: "decided", words: "its outcome is known", holds: ({ job }) => job.outcome !== null },
    ignored: "what it costs was decided",
  },
  answers: {
    charged: [settles("capture", "charged upstream", "WaveSpeed charged it, and gave nothing back")],
    refunded: [settles("release", "refunded upstream", "WaveSpeed gave the money back")],
    nothing: [
      expires(both(NO_RECORD, OVERDUE), "given up; people are told", { needsOperator: true }),
      expires(),
      {
        when: NO_RECORD,
        effect: "people are asked; the bill is asked on",
        change: (given) => ({ ...again(given), needsOperator: true }),
      },
      { effect: "asked again after the back-off", change: again },
    ],
    unreachable: [expires(), { effect: "asked again after the back-off", change: again }],
  },
};

/** Ended without WaveSpeed saying who pays, until the bill or a person does; or never sent, at somebody's wish. */
export const cancelled: StateCells = {
  billed,
  settled: SETTLED,
  resolved: decidedByPeople({
    when: { name: "not-asked", words: "people were not asked", holds: ({ job }) => !isUnclear(job) },
    ignored: "the bill decides it, or has",
  }),
  ...AFTER_THE_END,
  polled_late: NOT_GIVEN_UP,
  billed_late: NOT_GIVEN_UP,
  loss_recorded: NO_LOSS,
};
