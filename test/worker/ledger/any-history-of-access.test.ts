import { test, vi } from "vitest";
import { Outbox } from "../../../src/ledger/outbox.ts";
import { testEnv } from "../../support/test-env.ts";
import { play } from "./model/play.ts";
import { ENOUGH_HISTORIES, prove } from "./model/prove.ts";
import { inside } from "./model/real.ts";

const TENANT = "0123456789ab";

/** Most of it is submits and changes of keys, limits and budgets, and what repeats them. */
const weights = {
  submit: 30,
  settle: 8,
  quote: 1,
  note: 1,
  arrive: 1,
  alarm: 1,
  authenticate: 6,
  publish: 1,
  change: 30,
  again: 8,
  wait: 8,
  wait_for_window: 2,
  wait_for_rate: 6,
  clock_back: 1,
  forget: 4,
  audit: 1,
};

test(
  "any history of a tenant's keys and limits is the one that the books tell",
  async () => {
    vi.spyOn(Outbox.prototype, "flush").mockResolvedValue();
    const tally = await prove({ name: "access", weights, stepsMax: 80, share: 1 }, (history, tally) =>
      inside(TENANT, (real) => play(history, real, tally)),
    );
    if (tally.histories < ENOUGH_HISTORIES) return;
    tally.expectAll(["admitted", "replayed", "invalid_key", "key_revoked", "key_expired", "key_disabled"]);
    tally.expectAll(["address_not_allowed", "scope_missing", "model_not_allowed", "tenant_suspended", "paused"]);
    tally.expectAll(["rate_limited", "too_many_jobs", "daily_limit", "idempotency_conflict", "unknown_model"]);
    tally.expectAll(["rotate_key", "rotate_key conflict", "update_key conflict", "change replayed"]);
  },
  (testEnv.TEST_HISTORIES.seconds + 60) * 1_000,
);
