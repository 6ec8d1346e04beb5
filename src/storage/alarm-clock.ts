/**
 * An object has one alarm. This keeps it at the earliest time anybody asked for, and writes only
 * when that gets earlier: arming costs a row.
 */
export class AlarmClock {
  readonly #storage: DurableObjectStorage;
  #armedFor: number | null = null;

  /**
   * `due`: when the object's rows next want something, null for nothing. The platform drops an alarm whose
   * handler (or constructor, after a bad deploy) kept failing: whoever wakes the object next arms it again.
   */
  constructor(state: DurableObjectState, due: () => number | null) {
    this.#storage = state.storage;
    void state.blockConcurrencyWhile(async () => {
      this.#armedFor = await state.storage.getAlarm();
      const at = this.#armedFor === null ? due() : null;
      if (at !== null) this.arm(at);
    });
  }

  /**
   * Call inside the same tick as the writes it is about: then they commit together. `slackMs`: an alarm that is set for so
   * much later will do.
   */
  arm(at: number, slackMs = 0): void {
    if (this.#armedFor !== null && this.#armedFor <= at + slackMs) return;
    this.#armedFor = at;
    void this.#storage.setAlarm(at);
  }

  /** The alarm has rung: nothing is armed until somebody arms it again. */
  rang(): void {
    this.#armedFor = null;
  }
}

/** Of two times when something is due; null: nothing is. */
export const earliest = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : Math.min(a, b);
