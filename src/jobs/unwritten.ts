import type { Job } from "./job.ts";

/** Whether the job's task is claimed, and the last webhook that was believed. */
type Facts = Partial<Pick<Job, "claimed" | "hookSeen">>;

/** When the job is looked at next, as long as its row still says `from`. */
interface Look {
  from: number | null;
  to: number;
}

/**
 * What is known of jobs and not worth a write of its own: an instance that lacks it learns it anew, by one poll, or
 * one claim of what is claimed already. It goes into the row with the next thing that is written there.
 */
export class Unwritten {
  readonly #facts = new Map<string, Facts>();
  readonly #looks = new Map<string, Look>();

  note(jobId: string, facts: Facts): void {
    this.#facts.set(jobId, { ...this.#facts.get(jobId), ...facts });
  }

  /** `from`: what the row says. If it says something else by then, somebody wants the job at another time. */
  look(jobId: string, look: Look): void {
    this.#looks.set(jobId, look);
  }

  /** The row, and what is known beside it. */
  over(row: Job): Job {
    const facts = this.#facts.get(row.id);
    const nextAt = this.#nextAt(row);
    return facts === undefined && nextAt === row.nextAt ? row : { ...row, ...facts, nextAt };
  }

  #nextAt({ id, nextAt }: Pick<Job, "id" | "nextAt">): number | null {
    const look = this.#looks.get(id);
    return look?.from === nextAt ? look.to : nextAt;
  }

  /** A webhook must be known again by the next instance, too: whoever saw one may send it once more. */
  hasHook(jobId: string): boolean {
    return this.#facts.get(jobId)?.hookSeen !== undefined;
  }

  /** What a write of this job carries along: from then on it is the row's to say. `moves`: it says when it is due, too. */
  take(jobId: string, moves: boolean): Facts {
    const facts = this.#facts.get(jobId) ?? {};
    this.#facts.delete(jobId);
    if (moves) this.#looks.delete(jobId);
    return facts;
  }
}
