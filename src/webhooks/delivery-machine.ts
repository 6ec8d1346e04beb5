import { retryDelayMs, ROUND_MS_MAX } from "./retry-schedule.ts";
import type { AttemptOutcome, Delivery, DeliveryEnd } from "./types.ts";

/** An attempt that was not recorded by then was cut off: it is made again. */
export const LEASE_SLACK_MS = 10_000;

type Change = Partial<Pick<Delivery, "state" | "end" | "attempts" | "tries" | "roundAt" | "nextAt" | "endedAt">>;

/** Why a delivery that is due is not attempted any more, or null. `target`: what became of where it goes. */
export function refuseAttempt(
  delivery: Pick<Delivery, "roundAt">,
  target: { disabled: boolean; urlRefused: boolean },
  now: number,
): DeliveryEnd | null {
  if (target.disabled) return "endpoint_disabled";
  if (target.urlRefused) return "url_refused";
  return now - delivery.roundAt > ROUND_MS_MAX ? "too_late" : null;
}

/** Counted before it is made, so that one which brings the object down is not made for ever. */
export const begun = ({ attempts, tries }: Delivery, now: number, attemptMsMax: number): Change => ({
  attempts: attempts + 1,
  tries: tries + 1,
  nextAt: now + attemptMsMax + LEASE_SLACK_MS,
});

/** A delivery after attempt number `attempt` of it was answered. Nothing: it is noted only. `chance`: 0 to 1. */
export function answered(
  delivery: Delivery,
  attempt: number,
  outcome: Pick<AttemptOutcome, "delivered" | "gone" | "retryAfterMs">,
  now: number,
  chance: number,
): Change {
  if (delivery.state !== "pending") return {};
  if (outcome.delivered) return ended("delivered", null, now);
  // It was replayed while this attempt was on its way: the new round has not begun.
  if (attempt !== delivery.attempts || delivery.tries === 0) return {};
  if (outcome.gone) return ended("failed", "gone", now);
  const delay = delivery.event === "test" ? null : retryDelayMs(delivery.tries, outcome.retryAfterMs, chance);
  if (delay === null || now + delay - delivery.roundAt > ROUND_MS_MAX) return ended("failed", "exhausted", now);
  return { nextAt: now + delay };
}

export const ended = (state: "delivered" | "failed" | "dropped", end: DeliveryEnd | null, now: number): Change => ({
  state,
  end,
  nextAt: null,
  endedAt: now,
});

/** All tries again, from now. */
export const replayed = (now: number): Change => ({
  state: "pending",
  end: null,
  tries: 0,
  roundAt: now,
  nextAt: now,
  endedAt: null,
});
