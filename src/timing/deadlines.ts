import { OVER } from "./at-most.ts";

/** Times that are further away are met up to so much late, or early: what ends at nearly the same time shares one timer. */
const STEP_MS = 100;

interface Deadline {
  controller: AbortController;
  over: Promise<typeof OVER>;
  timer: ReturnType<typeof setTimeout>;
  users: number;
}

/**
 * Time limits of what one object has under way. An object with much to do would have a timer for each of it, which costs more than
 * it seems: workerd fires an object's timers one after the other, a round of its loop for each. Where the clock is set back, what begins
 * then may end early, with a timer of before: as if it had not been answered.
 */
export class Deadlines {
  readonly #byTime = new Map<number, Deadline>();

  /**
   * What `work` answers or throws; its signal aborts after `ms` milliseconds or a little later, as that of
   * `AbortSignal.timeout`.
   */
  within<T>(ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return this.#use(ms, Math.ceil, ({ controller }) => work(controller.signal));
  }

  /** As `atMost`: the answer of `work`, or `OVER` if that takes longer, or a little less; the work goes on. */
  atMost<T>(work: Promise<T>, ms: number): Promise<T | typeof OVER> {
    return this.#use(ms, Math.floor, ({ over }) => Promise.race([work, over]));
  }

  async #use<T>(ms: number, round: (steps: number) => number, work: (deadline: Deadline) => Promise<T>): Promise<T> {
    const now = Date.now();
    const at = ms <= STEP_MS ? now + ms : round((now + ms) / STEP_MS) * STEP_MS;
    const deadline = this.#byTime.get(at) ?? this.#set(at, now);
    deadline.users += 1;
    try {
      return await work(deadline);
    } finally {
      deadline.users -= 1;
      // A timer that stands keeps the object awake.
      if (deadline.users === 0) {
        clearTimeout(deadline.timer);
        this.#forget(at, deadline);
      }
    }
  }

  #set(at: number, now: number): Deadline {
    const controller = new AbortController();
    const { promise: over, resolve } = Promise.withResolvers<typeof OVER>();
    const timer = setTimeout(() => {
      this.#forget(at, deadline);
      resolve(OVER);
      controller.abort(new DOMException("The operation was aborted due to timeout", "TimeoutError"));
    }, at - now);
    const deadline: Deadline = { controller, over, timer, users: 0 };
    this.#byTime.set(at, deadline);
    return deadline;
  }

  /** Unless another has taken its place. */
  #forget(at: number, deadline: Deadline): void {
    if (this.#byTime.get(at) === deadline) this.#byTime.delete(at);
  }
}
