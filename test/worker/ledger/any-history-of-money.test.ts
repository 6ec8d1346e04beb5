import { test, vi } from "vitest";
import { Outbox } from "../../../src/ledger/outbox.ts";
import { testEnv } from "../../support/test-env.ts";
import { play } from "./model/play.ts";
import { ENOUGH_HISTORIES, prove } from "./model/prove.ts";
import { inside } from "./model/real.ts";

const TENANT = "0123456789ab";

/** Most of it is submits, settlements, budgets and credit, and time going on. */
const weights = {
  submit: 30,
  settle: 14,
  quote: 3,
  note: 2,
  arrive: 2,
  alarm: 1,
  authenticate: 0,
  publish: 2,
  change: 16,
  again: 3,
  wait: 6,
  wait_for_window: 6,
  wait_for_rate: 1,
  clock_back: 1,
  forget: 4,
  audit: 1,
};

test(
  "any history of a tenant's money is the history of a plain list of jobs",
  async () => {
    // What it sends is proved in test/worker/reporting.
    vi.spyOn(Outbox.prototype, "flush").mockResolvedValue();
    const tally = await prove({ name: "money", weights, stepsMax: 80, share: 1 }, (history, tally) =>
      inside(TENANT, (real) => play(history, real, tally)),
    );
    if (tally.histories < ENOUGH_HISTORIES) return;
    tally.expectAll(["admitted", "replayed", "budget_exceeded", "credit_exhausted", "no_budget", "model_unpriced"]);
    tally.expectAll(["idempotency_conflict", "quote_mismatch", "quote_expired", "settings_stale", "paused"]);
    tally.expectAll(["top_up", "top_up invalid_request", "close_credit", "close_credit conflict", "change replayed"]);
  },
  (testEnv.TEST_HISTORIES.seconds + 60) * 1_000,
);
