import type { JobFacts, Mode } from "../journal-entry.ts";
import { scopesOf } from "../scope.ts";
import { scopeOf } from "./compared-windows.ts";

export type Sums = Record<Mode, number>;

/** What a set of open holds adds up to, as each book counts them. Amounts are micro-dollars. */
export class HoldSums {
  readonly held: Sums = { live: 0, test: 0 };
  jobs = 0;
  readonly onCredit = { micros: 0, jobs: 0 };
  readonly #running: Map<string, number>;

  /** `scopes`: those whose jobs are counted, as `scopeOf` writes them. A tag may have a value for each job. */
  constructor(scopes: Iterable<string>) {
    this.#running = new Map([...scopes].map((scope) => [scope, 0]));
  }

  /** `sign` -1: the hold ended. */
  add(job: JobFacts, sign: 1 | -1): void {
    const micros = sign * job.priceMicros;
    this.held[job.mode] += micros;
    this.jobs += sign;
    if (job.onCredit) {
      this.onCredit.micros += micros;
      this.onCredit.jobs += sign;
    }
    for (const key of scopesOf(job)) {
      const scope = scopeOf(job.mode, key);
      const running = this.#running.get(scope);
      if (running !== undefined) this.#running.set(scope, running + sign);
    }
  }

  /** Jobs of a scope; null: it is not counted. */
  running(scope: string): number | null {
    return this.#running.get(scope) ?? null;
  }
}

export const plusSums = (...sums: readonly Sums[]): Sums => ({
  live: sums.reduce((total, { live }) => total + live, 0),
  test: sums.reduce((total, { test }) => total + test, 0),
});

export function heldBy(jobs: Iterable<JobFacts>, sign: 1 | -1 = 1): Sums {
  const held: Sums = { live: 0, test: 0 };
  for (const job of jobs) held[job.mode] += sign * job.priceMicros;
  return held;
}
