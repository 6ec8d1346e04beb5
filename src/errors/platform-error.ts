import type { Refusal } from "./catalogue.ts";

/** After an object said that it has too much to do: at once again would make it worse. */
const OVERLOADED_SECONDS = 10;

/** After a restart or a lost connection, which is over within a second. */
const RESTARTED_SECONDS = 1;

/** Exceptions wrapped in others, as drizzle does it: so many deep. */
const CAUSES_MAX = 5;

/**
 * What an exception says of the platform: it marks those of a Durable Object's stub (`overloaded`,
 * `retryable`, `durableObjectReset`: developers.cloudflare.com/durable-objects/best-practices/error-handling),
 * and those of D1 by their text. Null: a fault of our own code. Its message is the platform's and is not shown.
 */
export function platformRefusal(error: unknown, causes: number = CAUSES_MAX): Refusal | null {
  if (!(error instanceof Error)) return null;
  const marks = error as Error & { overloaded?: unknown; retryable?: unknown; durableObjectReset?: unknown };
  if (marks.overloaded === true) return unavailable("is busy", OVERLOADED_SECONDS);
  if (marks.retryable === true || marks.durableObjectReset === true) {
    return unavailable("was interrupted", RESTARTED_SECONDS);
  }
  if (/^D1_[A-Z_]*ERROR\b/.test(error.message)) return unavailable("cannot reach its database", RESTARTED_SECONDS);
  return causes > 0 ? platformRefusal(error.cause, causes - 1) : null;
}

const unavailable = (why: string, retryAfterSeconds: number): Refusal => ({
  code: "gateway_unavailable",
  message: `the gateway ${why}: try again in a moment, a submit with the same Idempotency-Key`,
  retryAfterSeconds,
});
