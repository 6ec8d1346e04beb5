import type { EntryBody, JobFacts } from "./journal-entry.ts";
import type { Budget } from "./types.ts";
import { windowAt } from "./windows.ts";

/** What journal entries change of one counter: a budget in the window that jobs were admitted in. */
export interface CounterChange {
  budget: string;
  window: string;
  /** One of them is a hold: from then on there is a counter. An end alone makes none. */
  opens: boolean;
  heldMicros: number;
  heldJobs: number;
  capturedMicros: number;
}

/** What a run of journal entries changes of the budgets' counters, entry by entry. Amounts are micro-dollars. */
export class CounterChanges {
  readonly #byCounter = new Map<string, CounterChange>();

  /** `budgetsOf`: those that the job counts against. It belongs to the windows of its admission, whenever it ends. */
  add(body: EntryBody, budgetsOf: (job: JobFacts) => readonly Budget[]): void {
    if (body.kind !== "hold" && body.kind !== "capture" && body.kind !== "release") return;
    const { job } = body;
    const begins = body.kind === "hold";
    for (const { id, window, timeZone } of budgetsOf(job)) {
      const change = this.#change(id, windowAt(window, job.admittedAt, timeZone).id);
      change.opens ||= begins;
      change.heldMicros += begins ? job.priceMicros : -job.priceMicros;
      change.heldJobs += begins ? 1 : -1;
      if (body.kind === "capture") change.capturedMicros += job.priceMicros;
    }
  }

  of(budget: string, window: string): Readonly<CounterChange> | undefined {
    return this.#byCounter.get(counterKey(budget, window));
  }

  all(): Readonly<CounterChange>[] {
    return [...this.#byCounter.values()];
  }

  #change(budget: string, window: string): CounterChange {
    const key = counterKey(budget, window);
    const known = this.#byCounter.get(key);
    if (known) return known;
    const change = { budget, window, opens: false, heldMicros: 0, heldJobs: 0, capturedMicros: 0 };
    this.#byCounter.set(key, change);
    return change;
  }
}

/** A counter's name in memory. No id holds a line's end. */
export const counterKey = (budget: string, window: string): string => `${budget}\n${window}`;
