/**
 * Named places between reserve and settlement where a test may stop the work as a crash would.
 * Nothing arms them outside tests, and an unarmed one does nothing.
 */
export const FAIL_POINTS = [
  "after_reserve",
  "after_start_stored",
  "before_post",
  "after_post",
  "after_post_recorded",
  "after_poll",
  "after_end_recorded",
  "after_settle",
] as const;

export type FailPoint = (typeof FAIL_POINTS)[number];

const armed = new Map<FailPoint, (jobId: string) => void>();

export function failPoint(name: FailPoint, jobId: string): void {
  armed.get(name)?.(jobId);
}

/** Test only: `action` runs (and may throw) each time the point is passed; null disarms. */
export function armFailPoint(name: FailPoint, action: ((jobId: string) => void) | null): void {
  if (action) armed.set(name, action);
  else armed.delete(name);
}
