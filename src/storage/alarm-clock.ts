/** An alarm that is later than this is not waited for: a platform that moves the object needs a minute at most. */
const LOST_MS = 90_000;

/**
 * An object has one alarm. This keeps it at the earliest time anybody asked for, and writes only
 * when that gets earlier, or when it does not come: arming costs a row.
 */
export class AlarmClock {
  readonly #storage: DurableObjectStorage;
  readonly #due: () => number | null;
  #armedFor: number | null = null;
  /** What the last alarm had been set for, epoch ms. */
  #rangFor = 0;

  /**
   * `due`: when the object's rows next want something, null for nothing. The platform drops an alarm whose
   * handler (or constructor, after a bad deploy) kept failing: whoever wakes the object next arms it again.
   */
  constructor(state: Pick<DurableObjectState, "storage" | "blockConcurrencyWhile">, due: () => number | null) {
    this.#storage = state.storage;
    this.#due = due;
    void state.blockConcurrencyWhile(async () => {
      this.#armedFor = await state.storage.getAlarm();
      this.wake();
    });
  }

  /** Where no alarm will come, one is set for what is due. */
  wake(): void {
    if (!this.#stands(Date.now())) this.arm(this.#due());
  }

  /**
   * Call inside the same tick as the writes it is about: then they commit together. `at` null: nothing is due. `slackMs`: an
   * alarm that is set for so much later will do.
   */
  arm(at: number | null, slackMs = 0): void {
    const now = Date.now();
    if (at === null) return;
    const stands = this.#stands(now);
    if (stands && (this.#armedFor ?? 0) <= at + slackMs) return;
    // What an alarm that did not come was for is due.
    const wanted = stands || this.#armedFor === null ? Math.max(at, now) : now;
    // The very time of the alarm that rings is no change to the runtime, which then drops it (seen on workerd 1.20261023.1).
    this.#armedFor = Math.max(wanted, this.#rangFor + 1);
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
