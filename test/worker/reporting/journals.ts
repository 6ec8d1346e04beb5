import * as fc from "fast-check";
import type { EntryBody, JobFacts, JobOutcome, JournalEntry } from "../../../src/ledger/journal-entry.ts";
import type { Journal } from "../../../src/reporting/index.ts";

const START = Date.UTC(2026, 2, 28, 21, 30);
const STEP_MS = 17 * 60_000;

/** What one job does in its life, as the steps of its journal. */
type Step = "hold" | "unknown" | "known" | "needs_operator" | { capture: JobOutcome } | { release: JobOutcome };

export interface JobPlan {
  facts: Omit<JobFacts, "jobId" | "admittedAt">;
  steps: Step[];
}

const middle = fc.array(fc.constantFrom<Step>("unknown", "known", "needs_operator"), { maxLength: 3 });
const end = fc.constantFrom<Step[]>(
  [],
  [{ capture: "completed" }],
  [{ capture: "completed" }],
  [{ capture: "cancelled" }],
  [{ release: "failed" }],
  [{ release: "never_sent" }],
  [{ release: "expired" }],
);

const jobPlan: fc.Arbitrary<JobPlan> = fc.record({
  facts: fc.record({
    mode: fc.constantFrom("live" as const, "test" as const),
    keyId: fc.constantFrom("key_a", "key_b"),
    team: fc.constantFrom(null, "red", "blue"),
    model: fc.constantFrom("kwaivgi/kling-v2.1-i2v-pro", "kwaivgi/kling-v2.0-t2v-master"),
    tags: fc.constantFrom<Record<string, string>[]>({}, { film: 'otter\'s "second" ünïcode' }),
    seconds: fc.constantFrom(5, 10),
    costMicros: fc.integer({ min: 0, max: 2_600_000 }),
    priceMicros: fc.integer({ min: 0, max: 3_000_000 }),
    rateVersion: fc.constantFrom(1, 2),
    basis: fc.constantFrom({ markupBps: -500 }, { unitMicros: 90_000 }, { quote: "0123456789abcdef" }),
    pricingVersion: fc.constantFrom(1, 7),
    onCredit: fc.boolean(),
  }),
  steps: fc.tuple(middle, end).map(([between, last]): Step[] => ["hold", ...between, ...last]),
});

/** Journals of up to 25 jobs whose steps are interleaved; entries are numbered 1, 2, 3 ... */
export const journalPlan = fc.array(jobPlan, { minLength: 1, maxLength: 25 }).chain((plans) => {
  const turns = plans.flatMap((plan, job) => plan.steps.map(() => job));
  return fc.shuffledSubarray(turns, { minLength: turns.length }).map((order) => ({ plans, order }));
});

/** The journal of one tenant: `order` names, entry by entry, the job that takes its next step. */
export function journalOf(tenant: string, plans: readonly JobPlan[], order: readonly number[]): JournalEntry[] {
  const taken = plans.map(() => 0);
  const held: JobFacts[] = [];
  return order.map((job, index) => {
    const at = START + index * STEP_MS;
    const plan = plans[job]!;
    const step = plan.steps[taken[job]!++]!;
    if (step === "hold") held[job] = { ...plan.facts, jobId: jobIdOf(tenant, job), admittedAt: at };
    // Local days 3 hours ahead of UTC.
    const localDay = new Date(at + 3 * 3_600_000).toISOString().slice(0, 10);
    return { seq: index + 1, at, localDay, body: bodyOf(step, held[job]!, at), hash: `hash-${index + 1}` };
  });
}

/** A journal of completed jobs with the given facts, two entries each. */
export function completedJobs(tenant: string, facts: readonly Partial<JobPlan["facts"]>[]): JournalEntry[] {
  const plans = facts.map((given): JobPlan => ({
    facts: { ...FACTS, ...given },
    steps: ["hold", { capture: "completed" }],
  }));
  return journalOf(
    tenant,
    plans,
    facts.flatMap((_, job) => [job, job]),
  );
}

const FACTS: JobPlan["facts"] = {
  mode: "live",
  keyId: "key_a",
  team: null,
  model: "kwaivgi/kling-v2.0-t2v-master",
  tags: {},
  seconds: 5,
  costMicros: 1_300_000,
  priceMicros: 1_430_000,
  rateVersion: 1,
  basis: { markupBps: 1_000 },
  pricingVersion: 1,
  onCredit: false,
};

export function jobIdOf(tenant: string, job: number): string {
  return `${tenant}0000${job.toString(16).padStart(16, "0")}`;
}

function bodyOf(step: Step, job: JobFacts, at: number): EntryBody {
  switch (step) {
    case "hold":
      return { kind: "hold", job };
    case "unknown":
    case "known":
      return { kind: "unknown", jobId: job.jobId, entered: step === "unknown" };
    case "needs_operator":
      return { kind: "needs_operator", jobId: job.jobId, reason: "no answer" };
    default:
      return "capture" in step
        ? { kind: "capture", job, outcome: step.capture, endedAt: at - 1_000 }
        : { kind: "release", job, outcome: step.release, reason: "upstream said so", endedAt: at - 1_000 };
  }
}

/** A ledger that is only its journal. `asked`: how many entries each call wanted. */
export function ledgerWith(entries: readonly JournalEntry[]): Journal & { asked: number[] } {
  const asked: number[] = [];
  return {
    asked,
    entries: async (afterSeq, limit) => {
      if (limit < 1 || limit > 500) throw new Error(`limit ${limit}`);
      asked.push(limit);
      return { entries: entries.slice(afterSeq, afterSeq + limit), headSeq: entries.length };
    },
  };
}
