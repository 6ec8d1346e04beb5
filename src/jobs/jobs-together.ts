import { accountObjectOf } from "../accounts/account-of.ts";
import type { Env } from "../config.ts";
import { ledgerOf } from "../ledger/ledger-of.ts";
import { Gathered } from "./gathered.ts";
import type { Job } from "./job.ts";
import { ownerOf, type PermitGate } from "./permit-gate.ts";

/** What many jobs of a tracker ask of the same object at nearly the same time. */
export class JobsTogether {
  readonly #env: Env;
  readonly #gate: PermitGate;
  readonly #claims = new Gathered((jobs: Job[]) => this.#claimAll(jobs));
  readonly #settlements = new Gathered((jobs: Job[]) => this.#settleAll(jobs));

  constructor(env: Env, gate: PermitGate) {
    this.#env = env;
    this.#gate = gate;
  }

  /** Whether the job's task is its own, from now on or already. */
  claim(job: Job): Promise<boolean> {
    return this.#claims.ask(job);
  }

  /** Tells the ledger how the job's hold ends. `isAwaited`: a client waits for it. */
  async settle(job: Job, isAwaited: boolean): Promise<void> {
    await this.#settlements.ask(job, isAwaited);
  }

  /** Of one account after the other; nearly always there is one. */
  async #claimAll(jobs: Job[]): Promise<boolean[]> {
    const claimed = new Map<Job, boolean>();
    for (const group of Map.groupBy(jobs, ({ mode, account }) => `${mode} ${account}`).values()) {
      const [first] = group;
      if (!first) continue;
      const claims = group.map((job) => ({
        upstreamId: job.upstreamId ?? "",
        jobId: job.id,
        isLost: job.unknownAt !== null,
        sentWith: this.#gate.sentWith(job),
      }));
      const answers = await accountObjectOf(this.#env, ownerOf(first)).claim(claims);
      for (const [index, job] of group.entries()) claimed.set(job, answers[index] === true);
    }
    return jobs.map((job) => claimed.get(job) === true);
  }

  /** All of a tracker's jobs are one tenant's. */
  async #settleAll(jobs: Job[]): Promise<string[]> {
    const settlements = jobs.flatMap(({ id, settlement }) => (settlement ? [{ jobId: id, ...settlement }] : []));
    return ledgerOf(this.#env, jobs[0]?.tenant ?? "").settleAll(settlements);
  }
}
