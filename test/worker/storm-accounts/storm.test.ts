import { test } from "vitest";
import { testEnv } from "../../support/test-env.ts";
import { storm } from "../storm/storm.ts";

const { runs } = testEnv.TEST_HISTORIES;

test("the same where jobs queue for small accounts and move between them, and no permit is lost", async () => {
  const accounts = { live: "sim_storm_small", other: "sim_storm_other" };
  await storm({ accounts, jobs: Math.min(runs, 600), clients: 16 });
}, 900_000);
