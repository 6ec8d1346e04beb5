import { expect } from "vitest";
import { upstream } from "../../accounts/world.ts";
import * as w from "../world.ts";
import { HOUR, stoppedAt, submitted, type Scenario, type Submitted } from "./scenario.ts";

/** A third job where two fit. */
const waiting = async (): Promise<Submitted> => {
  await submitted("delay=1h");
  await submitted("delay=1h");
  return submitted("delay=1h");
};

/** Rows that want more than the one account without limits: test/worker/accounts/rows.test.ts plays them. */
export const WITH_ACCOUNTS: Record<string, Scenario> = {
  "submitting/post_answered:account_fault/another-account": {
    given: () => stoppedAt("before_post", () => submitted("delay=1h")),
    when: async ({ id, text }) => {
      await upstream("live", "POST", "/control/faults", {
        match: { prompt_contains: text },
        fault: { http: 402 },
        times: 1,
      });
      await w.ring(id);
    },
    before: { state: "submitting", account: "live", accounts: ["live", "other"] },
    after: { state: "queued", account: "other", accounts: ["other"], nextAt: expect.any(Number) },
    money: ["held", "held"],
  },
  "queued/waited": {
    given: waiting,
    when: ({ id }) => w.ring(id),
    before: { state: "queued", sentAt: null },
    after: { state: "queued", nextAt: expect.any(Number) },
    money: ["held", "held"],
  },
  "queued/waited/day-old": {
    given: waiting,
    when: async ({ id }) => {
      await w.age(id, "created_at", 25 * HOUR);
      await w.ring(id);
    },
    before: { state: "queued", sentAt: null },
    after: { state: "failed", settlement: expect.objectContaining({ action: "release", outcome: "never_sent" }) },
    money: ["held", "released"],
  },
};
