/** What came in the place of an answer. */
export const OVER = Symbol("the time is over");

/**
 * The answer of `work`, or `OVER` if that takes longer than `ms` milliseconds; the work goes on, and the timer does not. Throws
 * what the work throws in time.
 */
export async function atMost<T>(work: Promise<T>, ms: number): Promise<T | typeof OVER> {
  const timer = new AbortController();
  const over = scheduler.wait(ms, { signal: timer.signal }).then((): typeof OVER => OVER);
  // Of a timer that was stopped nobody waits.
  over.catch(() => undefined);
  try {
    return await Promise.race([work, over]);
  } finally {
    timer.abort();
  }
}
