import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { parseConfig } from "../../../../src/config.ts";
import { JobBook } from "../../../../src/jobs/job-book.ts";
import { rowFor } from "../../../../src/jobs/machine.ts";
import type { JobEvent } from "../../../../src/jobs/machine/event.ts";
import { ROWS } from "../../../../src/jobs/machine/table.ts";
import { paceOf } from "../../../../src/jobs/pace.ts";
import { AlarmClock } from "../../../../src/storage/alarm-clock.ts";
import { testEnv } from "../../../support/test-env.ts";
import { EVENTS_OF } from "../../../unit/jobs/every-event.ts";
import * as w from "../world.ts";
import { BEFORE_A_TASK } from "./before-a-task.ts";
import { BILLS } from "./bills.ts";
import { ENDS } from "./ends.ts";
import { JOB_FOR, JOB_IN } from "./ignored.ts";
import { LOST } from "./lost.ts";
import { POLLS } from "./polls.ts";
import { moneyOf, playScenario } from "./play-scenario.ts";
import type { Scenario } from "./scenario.ts";
import { traceRows } from "./trace.ts";
import { WITH_ACCOUNTS } from "./with-accounts.ts";

/** By the row's id: the table in docs/job-states.md, row by row, between real objects. */
const SCENARIOS: Record<string, Scenario> = { ...BEFORE_A_TASK, ...LOST, ...POLLS, ...BILLS, ...ENDS };

const IGNORED = ROWS.filter(({ row }) => "ignored" in row);
const EFFECTS = ROWS.filter(({ row }) => !("ignored" in row));

beforeAll(traceRows);
afterAll(() => void vi.restoreAllMocks());

it("every row that does something has a scenario, and no scenario is without its row", () => {
  const scenarios = Object.keys({ ...SCENARIOS, ...WITH_ACCOUNTS });
  expect(scenarios.toSorted()).toEqual(EFFECTS.map((row) => row.id).toSorted());
  expect(Object.keys(JOB_FOR).filter((id) => !IGNORED.some((row) => row.id === id))).toEqual([]);
});

describe("a row that does something does it, to the job and to its money", () => {
  it.each(Object.entries(SCENARIOS))("%s", playScenario);
});

/** Brings an event to the job in its own tracker; null: the event changed nothing. */
const bring = (jobId: string, event: JobEvent) =>
  w.inTracker(jobId, (_sql, state) => {
    const book = new JobBook(state.storage, new AlarmClock(state, () => null), paceOf(parseConfig(testEnv)));
    const job = book.find(jobId);
    return { row: job && rowFor(job, event, Date.now(), book.pace).id, after: book.apply(jobId, event) };
  });

describe("a row that ignores its event changes neither the job nor the ledger", () => {
  it.each(IGNORED)("$id", async ({ id: row, state, event }) => {
    const job = await (JOB_FOR[row] ?? JOB_IN[state])();
    const stands = async () => ({
      job: await w.rowOf(job.id),
      body: await w.inTracker(job.id, (sql) => sql.exec("SELECT COUNT(*) AS n FROM payloads").one()),
      money: await moneyOf(job),
      journal: await job.world.ledger.entries(0, 500),
    });
    const before = await stands();
    expect(before.job.state).toBe(state);
    for (const each of EVENTS_OF[event]) {
      expect(await bring(job.id, each)).toEqual({ row, after: null });
    }
    expect(await stands()).toEqual(before);
  });
});
