import { ROUND_MS_MAX } from "./retry-schedule.ts";
import type { DisabledReason } from "./types.ts";

/**
 * An endpoint that answered nothing but failures for this long is disabled with the next delivery that has had its last
 * try: not before one has had all of them. Where it is too slow for that, it is after the longest round.
 */
export const FAILING_MS_MAX = 3 * 24 * 3_600_000;

/** How an endpoint has been answering; `disabled` null: it is in use. */
export interface EndpointHealth {
  failingSince: number | null;
  disabled: DisabledReason | null;
}

/** An endpoint after an attempt at it. */
export function healthAfter(
  health: EndpointHealth,
  outcome: { delivered: boolean; gone: boolean; exhausted: boolean },
  now: number,
): EndpointHealth {
  if (health.disabled !== null) return health;
  if (outcome.delivered) return { failingSince: null, disabled: null };
  const failingSince = health.failingSince ?? now;
  if (outcome.gone) return { failingSince, disabled: "gone" };
  const limitMs = outcome.exhausted ? FAILING_MS_MAX : ROUND_MS_MAX;
  return { failingSince, disabled: now - failingSince >= limitMs ? "failing" : null };
}
