import type { Env } from "../config.ts";
import { failPoint } from "../observability/fail-point.ts";
import { log } from "../observability/log.ts";
import type { AlarmClock } from "../storage/alarm-clock.ts";
import { deskOf } from "../webhooks/desk-of.ts";
import type { Job } from "./job.ts";
import type { JobRows } from "./job-rows.ts";
import { jobsToTell } from "./job-store.ts";
import { INPUT_BYTES_MAX, noticeOf } from "./notice.ts";
import { keptInputs } from "./payload-store.ts";

/** A desk that did not take it is asked again after a quarter of the time since, within these. */
const AGAIN_MS_MIN = 5_000;
const AGAIN_MS_MAX = 3_600_000;

/** The desk's own log goes no further back. */
const GIVEN_UP_MS = 30 * 86_400_000;

/** Hands the tenant's desk what it is to tell of jobs that have ended, until it has it. */
export class Notifier {
  readonly #sql: SqlStorage;
  readonly #rows: JobRows;
  readonly #clock: AlarmClock;
  readonly #env: Env;

  constructor(sql: SqlStorage, rows: JobRows, clock: AlarmClock, env: Env) {
    this.#sql = sql;
    this.#rows = rows;
    this.#clock = clock;
    this.#env = env;
  }

  /** One call's worth; what is left is due at once. Does not throw. */
  async work(): Promise<void> {
    const jobs = jobsToTell(this.#sql, Date.now());
    const [first] = jobs;
    if (!first) return;
    try {
      await this.#handOver(first.tenant, jobs);
      for (const job of jobs) this.#write(job, null);
    } catch (error) {
      log.warn("the webhook desk did not take what is to be told", { tenant: first.tenant, error });
      for (const job of jobs) this.#write(job, againAt(job, Date.now()));
    }
  }

  async #handOver(tenant: string, jobs: Job[]): Promise<void> {
    const desk = deskOf(this.#env, tenant);
    const deleted = jobs.filter(({ deletedAt }) => deletedAt !== null).map(({ id }) => id);
    const notices = jobs.flatMap((job) => noticeOf(job, this.#inputOf(job)) ?? []);
    failPoint("before_handover", first(notices));
    if (deleted.length > 0) await desk.forget(tenant, deleted);
    if (notices.length > 0) await desk.accept(tenant, notices);
    failPoint("after_handover", first(notices));
  }

  #inputOf({ id }: Job): string | null {
    return keptInputs(this.#sql, [id], INPUT_BYTES_MAX, Date.now())[id] ?? null;
  }

  /** Unless the job has ended once more or was deleted meanwhile, which is to be told as well. */
  #write(job: Job, notifyAt: number | null): void {
    this.#rows.transaction(() => {
      const now = this.#rows.find(job.id);
      if (now?.notifyAt === job.notifyAt && now.deletedAt === job.deletedAt) {
        this.#rows.update(now.id, { notifyAt });
      }
    });
    this.#clock.arm(notifyAt);
  }
}

const first = (notices: readonly { eventId: string }[]): string => notices[0]?.eventId ?? "";

function againAt(job: Job, now: number): number | null {
  const since = now - (job.deletedAt ?? job.endedAt ?? now);
  return since > GIVEN_UP_MS ? null : now + Math.min(Math.max(since / 4, AGAIN_MS_MIN), AGAIN_MS_MAX);
}
