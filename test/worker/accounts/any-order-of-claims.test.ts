import fc from "fast-check";
import { expect, it } from "vitest";
import { Claims } from "../../../src/accounts/claims.ts";
import { testEnv } from "../../support/test-env.ts";
import { ClaimsModel } from "./claims-model.ts";
import * as w from "./world.ts";

const RUNS_MAX = 400;

const TASKS = ["t1", "t2", "t3", "t4"];

/** Jobs whose POST was answered: the tracker's row has the task before it claims it, and never has another. */
const ANSWERED = new Map([
  ["r1", "t1"],
  ["r2", "t2"],
]);

/** Jobs whose POST was lost, with their input: any of them may be named any task. */
const LOST = new Map([
  ["l1", "h"],
  ["l2", "h"],
  ["l3", "k"],
]);

/** Given up without ever having been lost: a webhook may still name any task for it. */
const REFUSED = ["g1", "g2"];

const task = fc.constantFrom(...TASKS);
const lost = fc.constantFrom(...LOST.keys());

const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant("claim" as const), job: lost, task, says: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("answered" as const),
      job: fc.constantFrom(...ANSWERED.keys()),
      task,
      isLate: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("enter" as const), job: lost }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("leave" as const), job: lost }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("abandon" as const),
      job: lost,
      by: fc.constantFrom("proof" as const, "people" as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("late" as const), job: lost, task }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("late" as const), job: fc.constantFrom(...REFUSED), task }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("adopt" as const), job: lost, tasks: fc.subarray(TASKS, { minLength: 1 }) }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** Both do the step; what each answers. */
function take(claims: Claims, model: ClaimsModel, refused: Set<string>, s: Step): [unknown, unknown] {
  const hash = LOST.get(s.job) ?? "";
  switch (s.do) {
    case "claim": {
      // A tracker of the release before does not say that it is lost; of one that was entered the account knows.
      const says = s.says || !model.unknowns.has(s.job);
      return [claims.claim(s.task, s.job, says).isOwn, model.claim(s.task, s.job)];
    }
    case "answered": {
      // Refused once, its row has no task, and it is one of those that are lost.
      const isLost = refused.has(s.job);
      const named = isLost ? s.task : (ANSWERED.get(s.job) ?? "");
      const isOwn = s.isLate ? claims.claimLate(named, s.job) : claims.claim(named, s.job, isLost).isOwn;
      const expected = s.isLate ? model.claimLate(named, s.job) : model.claim(named, s.job);
      if (!isOwn) refused.add(s.job);
      return [isOwn, expected];
    }
    case "enter":
      return [claims.enterUnknown(s.job, hash), model.enterUnknown(s.job, hash)];
    case "leave":
      return [claims.leaveUnknown(s.job), model.leaveUnknown(s.job)];
    case "abandon":
      return [claims.abandon(s.job, s.by), model.abandon(s.job, s.by)];
    case "late":
      return [claims.claimLate(s.task, s.job), model.claimLate(s.task, s.job)];
    default:
      return [claims.adopt(s.job, hash, s.tasks), model.adopt(s.job, hash, s.tasks)];
  }
}

const rows = (sql: SqlStorage, query: string): unknown[][] => [...sql.exec(query).raw()];

/** Plays the steps in the account's own tables, which are as they were after it. */
function play(storage: DurableObjectStorage, steps: Step[]): void {
  const { sql } = storage;
  sql.exec("DELETE FROM claims");
  sql.exec("DELETE FROM unknowns");
  const [claims, model, refused] = [new Claims(storage), new ClaimsModel(), new Set<string>()];
  for (const s of steps) {
    const [answer, expected] = take(claims, model, refused, s);
    expect(answer).toEqual(expected);
    const claimed = rows(sql, "SELECT upstream_id, job_id FROM claims WHERE upstream_id NOT GLOB 'none:*' ORDER BY 1");
    expect(claimed).toEqual([...model.jobOf].toSorted());
    expect(rows(sql, "SELECT job_id, decided_at IS NOT NULL FROM unknowns ORDER BY 1")).toEqual(
      [...model.unknowns].map(([job, { decided }]) => [job, Number(decided)]).toSorted(),
    );
  }
}

const { seed, path } = testEnv.TEST_HISTORIES;

it("whatever comes in whatever order: each task has one job, each job one task, and whoever asks learns which", () =>
  w.inAccount(`claims-${w.hex(4)}`, ({ storage }) => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 4, maxLength: 60, size: "max" }), (steps) => play(storage, steps)),
      { numRuns: RUNS_MAX, ...(seed === null ? {} : { seed }), ...(path === null ? {} : { path }) },
    );
  }));
