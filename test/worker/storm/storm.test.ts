import { expect, test } from "vitest";
import { testEnv } from "../../support/test-env.ts";
import { storms } from "./storm.ts";

const { seconds } = testEnv.TEST_HISTORIES;

test(
  "in any storm each job is sent once and ends once, and the books agree with WaveSpeed's bill",
  async () => {
    const seas = await storms({ accounts: { live: "sim_test" }, clients: 16, jobsMax: 1_200, share: 4 / 5 });
    // A storm without these has not tried what it is for.
    const seen = (what: string): number => seas.reduce((sum, { tally }) => sum + (tally.get(what) ?? 0), 0);
    expect(seen("micros losses")).toBeGreaterThan(0);
    expect(seen("crash")).toBeGreaterThan(0);
    expect(seen("read another's")).toBeGreaterThan(0);
  },
  (seconds + 600) * 1_000,
);
