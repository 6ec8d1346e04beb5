/** How somebody may try to come in: by using a link, by having one mailed, by a passkey, by Cloudflare Access. */
export const SIGN_IN_WAYS = ["link", "mail", "passkey", "access"] as const;
export type SignInWay = (typeof SIGN_IN_WAYS)[number];

const HOUR_MS = 3_600_000;

/** Refusals are counted by hour, kept for a week, and told apart for so many addresses, ways and reasons an hour. */
export const REFUSALS_KEPT_MS = 7 * 24 * HOUR_MS;
export const REFUSAL_ROWS_MAX = 200;

/** A row counts no further: one that was counted so often is written no more. */
export const REFUSAL_TRIES_MAX = 1_000;

export const hourOf = (now: number): number => now - (now % HOUR_MS);
