const HOUR_MS = 3_600_000;

/** A job that WaveSpeed does not take is offered to it for this long. */
export const QUEUED_MS_MAX = 24 * HOUR_MS;

/** No job is open for longer. */
export const EXPIRED_MS = 8 * 24 * HOUR_MS;

/** A task that answers 404, or in a word nobody knows, is waited for this long. */
export const GONE_MS_MAX = HOUR_MS;
export const UNRECOGNISED_MS_MAX = 24 * HOUR_MS;

/** A bill without a record is asked this long before people are. */
export const BILLING_MS_MAX = 4 * HOUR_MS;

/** A task of a job that was given up is still looked at this often, for as long as this: WaveSpeed keeps results for a week. */
export const LATE_POLL_MS = 6 * HOUR_MS;
export const LATE_MS_MAX = 30 * 24 * HOUR_MS;

/** Complete walks of the list without a candidate that prove that nothing was created. */
export const WALKS_NEEDED = 2;
