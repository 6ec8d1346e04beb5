import { test } from "vitest";
import { testEnv } from "../../support/test-env.ts";
import { storms } from "../storm/storm.ts";

const { seconds } = testEnv.TEST_HISTORIES;

test(
  "the same where jobs queue for small accounts and move between them, and no permit is lost",
  async () => {
    await storms({
      accounts: { live: "sim_storm_small", other: "sim_storm_other" },
      clients: 16,
      jobsMax: 300,
      share: 1 / 5,
    });
  },
  (seconds + 600) * 1_000,
);
