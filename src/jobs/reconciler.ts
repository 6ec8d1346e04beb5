import { accountOf, waveSpeedOf } from "../accounts/account-of.ts";
import type { Env } from "../config.ts";
import { raiseAlert } from "../observability/alerts.ts";
import { log } from "../observability/log.ts";
import type { JobBook } from "./job-book.ts";
import type { Job } from "./job.ts";
import { ownerOf } from "./permit-gate.ts";
import { compareBill } from "./reconciliation.ts";
import type { Slots } from "./slots.ts";

/** Pages of jobs that one alarm compares, so that what piled up does not keep an object awake for good. */
const PAGES_MAX = 10;

/** Compares settled jobs with WaveSpeed's bill, many in one read. Moves no money: a difference is an alert. */
export class Reconciler {
  readonly #book: JobBook;
  readonly #env: Env;
  readonly #reads: Slots;

  constructor(book: JobBook, env: Env, reads: Slots) {
    this.#book = book;
    this.#env = env;
    this.#reads = reads;
  }

  /** Page by page, since an alarm for the next would be a row. */
  async work(): Promise<void> {
    for (let pages = 0; pages < PAGES_MAX; pages++) if (!(await this.#comparePage())) return;
  }

  /** The mark comes last, so that a page whose instance dies is compared once more. False: nothing is due. */
  async #comparePage(): Promise<boolean> {
    const page = this.#book.bills.page();
    for (const [account, jobs] of Map.groupBy(page, (job) => job.account)) {
      try {
        await this.#compare(jobs);
      } catch (error) {
        log.warn("jobs were not compared with the bill", { account, error });
        for (const job of jobs) await this.#again(job);
      }
    }
    this.#book.bills.passed(page);
    return page.length > 0;
  }

  async #again(job: Job): Promise<void> {
    if (this.#book.bills.again(job)) return;
    const message = "WaveSpeed's bill could not be compared for a month; it is not looked at again";
    await raiseAlert(this.#env.CONTROL, { kind: "bill_differs", subject: job.id, message });
  }

  async #compare(jobs: Job[]): Promise<void> {
    const [first] = jobs;
    if (!first) return;
    const owner = ownerOf(first);
    const upstream = waveSpeedOf(this.#env, owner);
    const ids = jobs.map((job) => job.upstreamId ?? "");
    const bill = await upstream.bill(ids, (read) => this.#reads.run(read));
    if (bill === null) throw new Error(`the bill of account ${accountOf(this.#env, owner).id} cannot be read`);
    for (const job of jobs) await this.#conclude(job, bill.get(job.upstreamId ?? "") ?? null);
  }

  async #conclude(job: Job, billed: number | null): Promise<void> {
    const verdict = compareBill(job, billed);
    if (verdict.kind === "again") return this.#again(job);
    if (verdict.kind === "agrees") return;
    await raiseAlert(this.#env.CONTROL, { kind: "bill_differs", subject: job.id, message: verdict.message });
    this.#book.bills.differs(job, billed);
  }
}
