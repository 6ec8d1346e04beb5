import type { DisabledReason } from "./types.ts";

/** An endpoint that answered nothing but failures for this long is disabled. */
export const FAILING_MS_MAX = 3 * 24 * 3_600_000;

/** How an endpoint has been answering; `disabled` null: it is in use. */
export interface EndpointHealth {
  failingSince: number | null;
  disabled: DisabledReason | null;
}

/** An endpoint after an attempt at it. */
export function healthAfter(
  health: EndpointHealth,
  outcome: { delivered: boolean; gone: boolean },
  now: number,
): EndpointHealth {
  if (health.disabled !== null) return health;
  if (outcome.delivered) return { failingSince: null, disabled: null };
  const failingSince = health.failingSince ?? now;
  if (outcome.gone) return { failingSince, disabled: "gone" };
  return { failingSince, disabled: now - failingSince >= FAILING_MS_MAX ? "failing" : null };
}
