/** What came in the place of an answer. */
export const OVER = Symbol("the time is over");

/**
 * The answer of `work`, or `OVER` if that takes longer than `ms` milliseconds; the work goes on, and the timer does not. Throws
 * what the work throws in time.
 */
export async function atMost<T>(work: Promise<T>, ms: number): Promise<T | typeof OVER> {
  const { promise: over, resolve } = Promise.withResolvers<typeof OVER>();
  // Not `scheduler.wait`: ending that makes an error with a stack, twice in every submit.
  const timer = setTimeout(() => resolve(OVER), ms);
  try {
    return await Promise.race([work, over]);
  } finally {
    clearTimeout(timer);
  }
}
