import type { Adoption } from "../../../src/accounts/types.ts";

/** What the account promises of tasks and jobs, as plain maps in which each task has one job, and each job one task. */
export class ClaimsModel {
  readonly jobOf = new Map<string, string>();
  readonly unknowns = new Map<string, { hash: string; decided: boolean }>();
  readonly #taskOf = new Map<string, string>();
  readonly #givenUp = new Set<string>();

  claim(task: string, job: string): boolean {
    if (this.jobOf.get(task) === job) return true;
    return !this.#givenUp.has(job) && this.#give(task, job);
  }

  enterUnknown(job: string, hash: string): string | null {
    const task = this.#taskOf.get(job) ?? null;
    if (task === null && !this.unknowns.has(job)) this.unknowns.set(job, { hash, decided: false });
    return task;
  }

  leaveUnknown(job: string): void {
    if (this.unknowns.get(job)?.decided === false) this.unknowns.delete(job);
  }

  abandon(job: string, by: "proof" | "people"): string | null {
    const task = this.#taskOf.get(job);
    if (task !== undefined) return task;
    const entry = this.unknowns.get(job);
    if (entry && by === "people") entry.decided = true;
    this.#givenUp.add(job);
    this.leaveUnknown(job);
    return null;
  }

  claimLate(task: string, job: string): boolean {
    if (this.jobOf.has(task)) return this.jobOf.get(task) === job;
    this.#givenUp.delete(job);
    return this.#give(task, job);
  }

  adopt(job: string, hash: string, candidates: string[]): Adoption {
    const own = candidates.find((task) => this.jobOf.get(task) === job);
    if (own !== undefined) return { kind: "adopted", upstreamId: own };
    const free = candidates.filter((task) => !this.jobOf.has(task));
    const [only] = free;
    if (only === undefined) return { kind: "none" };
    const hasRival = [...this.unknowns].some(([other, entry]) => other !== job && entry.hash === hash);
    const isAdopted = free.length === 1 && !hasRival && !this.#givenUp.has(job) && this.#give(only, job);
    return isAdopted ? { kind: "adopted", upstreamId: only } : { kind: "ambiguous", unclaimed: free.length };
  }

  #give(task: string, job: string): boolean {
    if (this.jobOf.has(task) || this.#taskOf.has(job)) return false;
    this.jobOf.set(task, job);
    this.#taskOf.set(job, task);
    this.unknowns.delete(job);
    return true;
  }
}
