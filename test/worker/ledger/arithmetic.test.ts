import { evictDurableObject } from "cloudflare:test";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Caller, TenantLedgerApi } from "../../../src/ledger/types.ts";
import { testEnv } from "../../support/test-env.ts";
import { auditOf } from "../../support/audit-of.ts";
import { newKey, newTenant, request, WHOLE, rate } from "./tenant.ts";

/** One thing that may happen to a ledger; `pick` chooses among what is there. */
type Step =
  | { do: "reserve"; team: 0 | 1; model: 0 | 1; cost: number }
  | { do: "capture" | "release"; pick: number }
  | { do: "limit"; budget: "whole" | "narrow"; limit: number }
  | { do: "forget" }
  | { do: "evict" };

const TEAMS = ["film", "ads"] as const;
const MODELS = ["a/cheap", "a/dear"] as const;
const micros = fc.integer({ min: 1, max: 3_000_000 });
const pick = fc.nat({ max: 1_000 });

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("reserve" as const),
      team: fc.constantFrom(0, 1),
      model: fc.constantFrom(0, 1),
      cost: micros,
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom("capture" as const, "release" as const), pick }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("limit" as const),
      budget: fc.constantFrom("whole" as const, "narrow" as const),
      limit: fc.integer({ min: 0, max: 8_000_000 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: "forget" as const }) },
  { weight: 1, arbitrary: fc.constant({ do: "evict" as const }) },
);

interface Known {
  id: string;
  team: 0 | 1;
  cost: number;
  state: "held" | "captured" | "released";
}

/** What a ledger should be, in the plainest words: a list of jobs, and sums over it. */
class Reference {
  jobs: Known[] = [];
  limits: { whole: number; narrow: number | null } = { whole: 5_000_000, narrow: null };

  sum(state: Known["state"], narrow: boolean): number {
    return this.jobs
      .filter((job) => job.state === state && (!narrow || job.team === 0))
      .reduce((total, job) => total + job.cost, 0);
  }

  fits(team: 0 | 1, cost: number): boolean {
    const used = (narrow: boolean): number => this.sum("held", narrow) + this.sum("captured", narrow);
    if (used(false) + cost > this.limits.whole) return false;
    return team !== 0 || this.limits.narrow === null || used(true) + cost <= this.limits.narrow;
  }
}

async function run(steps: Step[]): Promise<void> {
  const { id, ledger } = await newTenant(5_000_000);
  const callers = await Promise.all(TEAMS.map((team) => newKey(ledger, "live", { team })));
  const reference = new Reference();
  for (const one of steps) {
    await apply(one, id, ledger, callers, reference);
    await compare(ledger, reference);
  }
  expect(await auditOf(ledger)).toMatchObject({ consistent: true, differences: [] });
}

async function apply(
  one: Step,
  id: string,
  ledger: TenantLedgerApi,
  callers: Caller[],
  reference: Reference,
): Promise<void> {
  if (one.do === "reserve") {
    const caller = callers[one.team] as Caller;
    const rates = [rate(1, 0, one.cost)];
    const result = await ledger.reserve(request(caller, { model: MODELS[one.model], rates }));
    expect(result.ok).toBe(reference.fits(one.team, one.cost));
    if (result.ok) reference.jobs.push({ id: result.value.job.jobId, team: one.team, cost: one.cost, state: "held" });
  } else if (one.do === "capture" || one.do === "release") {
    const job = reference.jobs[one.pick % Math.max(1, reference.jobs.length)];
    if (!job) return;
    const answer = await ledger.settle({ jobId: job.id, action: one.do, outcome: "completed", reason: "" });
    expect(answer).toBe(job.state === "held" ? "settled" : "not_open");
    if (job.state === "held") job.state = one.do === "capture" ? "captured" : "released";
  } else if (one.do === "limit") {
    const scope = one.budget === "whole" ? WHOLE.scope : ({ kind: "team", team: TEAMS[0] } as const);
    await ledger.change("put_budget", { ...WHOLE, id: one.budget, scope, limitMicros: one.limit });
    reference.limits[one.budget] = one.limit;
  } else if (one.do === "forget") {
    await ledger.change("delete_budget", { id: "narrow" });
    reference.limits.narrow = null;
  } else {
    await evictDurableObject(testEnv.TENANT_LEDGER.get(testEnv.TENANT_LEDGER.idFromName(id)));
  }
}

async function compare(ledger: TenantLedgerApi, reference: Reference): Promise<void> {
  for (const budget of await ledger.budgets()) {
    const narrow = budget.id === "narrow";
    expect(budget).toMatchObject({
      capturedMicros: reference.sum("captured", narrow),
      heldMicros: reference.sum("held", narrow),
      heldJobs: reference.jobs.filter((job) => job.state === "held" && (!narrow || job.team === 0)).length,
    });
  }
}

test("any history of a ledger is the history of a plain list of jobs (the seed is printed on failure)", async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 30 }), run), { numRuns: 60 });
});
