import { afterAll, beforeAll, describe, it, vi } from "vitest";
import { playScenario } from "../jobs/rows/play-scenario.ts";
import { traceRows } from "../jobs/rows/trace.ts";
import { WITH_ACCOUNTS } from "../jobs/rows/with-accounts.ts";
import * as w from "./world.ts";

beforeAll(traceRows);
afterAll(() => void vi.restoreAllMocks());

describe("a row of the state table that wants a queue, or another account", () => {
  it.each(Object.entries(WITH_ACCOUNTS))("%s", async (row, scenario) => {
    // What waits must not find room beside.
    await (row.startsWith("queued/") ? w.pause("other") : w.unpause("other"));
    await playScenario(row, scenario);
  });
});
