import { randomBytes } from "node:crypto";
import { test } from "vitest";
import { testEnv } from "../../support/test-env.ts";
import { play } from "./model/play.ts";
import { prove } from "./model/prove.ts";
import { overRpc } from "./model/real.ts";

const weights = {
  submit: 30,
  settle: 14,
  quote: 2,
  note: 2,
  arrive: 1,
  alarm: 2,
  authenticate: 2,
  publish: 1,
  change: 20,
  again: 4,
  wait: 6,
  wait_for_window: 3,
  wait_for_rate: 2,
  clock_back: 1,
  forget: 8,
  audit: 1,
};

test(
  "the same holds over RPC, in an object of its own each, that the runtime itself evicts or aborts",
  async () => {
    await prove({ name: "over RPC", weights, stepsMax: 60, share: 0.03 }, (history, tally) =>
      play(history, overRpc(randomBytes(6).toString("hex")), tally),
    );
  },
  (testEnv.TEST_HISTORIES.seconds + 60) * 1_000,
);
