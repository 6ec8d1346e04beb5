import { OVER } from "./at-most.ts";

/** Times that are further away are met up to this late: what ends at nearly the same time shares one timer. */
const STEP_MS = 100;

interface Deadline {
  controller: AbortController;
  over: Promise<typeof OVER>;
  timer: ReturnType<typeof setTimeout>;
  users: number;
}

/**
 * Time limits of what one object has under way. An object with much to do would have a timer for each of it, which costs more than
 * it seems: workerd fires an object's timers one after the other, a round of its loop for each.
 */
export class Deadlines {
  readonly #byTime = new Map<number, Deadline>();

  /** What `work` answers or throws; its signal aborts after `ms` milliseconds, as that of `AbortSignal.timeout`. */
  within<T>(ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return this.#use(ms, ({ controller }) => work(controller.signal));
  }

  /** As `atMost`: the answer of `work`, or `OVER` if that takes longer; the work goes on. */
  atMost<T>(work: Promise<T>, ms: number): Promise<T | typeof OVER> {
    return this.#use(ms, ({ over }) => Promise.race([work, over]));
  }

  async #use<T>(ms: number, work: (deadline: Deadline) => Promise<T>): Promise<T> {
    const now = Date.now();
    const at = ms <= STEP_MS ? now + ms : Math.ceil((now + ms) / STEP_MS) * STEP_MS;
    const deadline = this.#byTime.get(at) ?? this.#set(at, at - now);
    deadline.users += 1;
    try {
      return await work(deadline);
    } finally {
      deadline.users -= 1;
      // A timer that stands keeps the object awake.
      if (deadline.users === 0) this.#drop(at, deadline);
    }
  }

  #set(at: number, ms: number): Deadline {
    const controller = new AbortController();
    const { promise: over, resolve } = Promise.withResolvers<typeof OVER>();
    const timer = setTimeout(() => {
      this.#byTime.delete(at);
      resolve(OVER);
      controller.abort(new DOMException("The operation was aborted due to timeout", "TimeoutError"));
    }, ms);
    const deadline = { controller, over, timer, users: 0 };
    this.#byTime.set(at, deadline);
    return deadline;
  }

  #drop(at: number, deadline: Deadline): void {
    clearTimeout(deadline.timer);
    if (this.#byTime.get(at) === deadline) this.#byTime.delete(at);
  }
}
