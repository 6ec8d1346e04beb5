import { expect, test } from "vitest";
import { testEnv } from "../../support/test-env.ts";
import { storm } from "./storm.ts";

const { runs } = testEnv.TEST_HISTORIES;

test("in any storm each job is sent once and ends once, and the books agree with WaveSpeed's bill", async () => {
  const sea = await storm({ accounts: { live: "sim_test" }, jobs: Math.min(runs, 1_500), clients: 16 });
  expect(sea.tally.get("micros losses")).toBeGreaterThan(0);
}, 900_000);
