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

/** The same for a segment of the journal on its way to the archive. */
export const ARCHIVE_FAIL_POINTS = ["before_segment_put", "after_segment_put", "after_segment_read"] as const;

/** The same for a webhook on its way from the job's row to a receiver. The subject is its event id. */
export const WEBHOOK_FAIL_POINTS = [
  "before_handover",
  "after_accept",
  "after_handover",
  "before_attempt",
  "after_attempt",
] as const;

export type FailPoint =
  | (typeof FAIL_POINTS)[number]
  | (typeof ARCHIVE_FAIL_POINTS)[number]
  | (typeof WEBHOOK_FAIL_POINTS)[number];

const armed = new Map<FailPoint, (subject: string) => void>();

/** `subject`: a job id; for segments of the archive, their key. */
export function failPoint(name: FailPoint, subject: string): void {
  armed.get(name)?.(subject);
}

/** Test only: `action` runs (and may throw) each time the point is passed; null disarms. */
export function armFailPoint(name: FailPoint, action: ((subject: string) => void) | null): void {
  if (action) armed.set(name, action);
  else armed.delete(name);
}
