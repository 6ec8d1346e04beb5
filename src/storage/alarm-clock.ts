/** An alarm that is later than this does not come any more: a platform that moves the object needs a minute at most. */
const LOST_MS = 90_000;

/**
 * An object has one alarm. This keeps it at the earliest time anybody asked for, and writes only
 * when that gets earlier: arming costs a row.
 */
export class AlarmClock {
  readonly #storage: DurableObjectStorage;
  #armedFor: number | null = null;
  /** What the last alarm had been set for, epoch ms. */
  #rangFor = 0;

  /**
   * `due`: when the object's rows next want something, null for nothing. The platform drops an alarm whose
   * handler (or constructor, after a bad deploy) kept failing: whoever wakes the object next arms it again.
   */
  constructor(state: Pick<DurableObjectState, "storage" | "blockConcurrencyWhile">, due: () => number | null) {
    this.#storage = state.storage;
    void state.blockConcurrencyWhile(async () => {
      this.#armedFor = await state.storage.getAlarm();
      if (!this.#stands(Date.now())) this.arm(due());
    });
  }

  /**
   * Call inside the same tick as the writes it is about: then they commit together. `at` null: nothing is due. `slackMs`: an
   * alarm that is set for so much later will do.
   */
  arm(at: number | null, slackMs = 0): void {
    if (at === null || (this.#stands(Date.now()) && (this.#armedFor ?? 0) <= at + slackMs)) return;
    // The very time of the alarm that rings is no change to the runtime, which then drops it (seen on workerd 1.20261023.1).
    this.#armedFor = Math.max(at, this.#rangFor + 1);
    void this.#storage.setAlarm(this.#armedFor);
  }

  /** The alarm has rung: nothing is armed until somebody arms it again. `scheduledFor`: as the runtime says; a test's alarm has none. */
  rang(scheduledFor = Date.now()): void {
    this.#rangFor = scheduledFor;
    this.#armedFor = null;
  }

  /** Whether an alarm will come. */
  #stands(now: number): boolean {
    return this.#armedFor !== null && this.#armedFor > now - LOST_MS;
  }
}

/** Of two times when something is due; null: nothing is. */
export const earliest = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : Math.min(a, b);
