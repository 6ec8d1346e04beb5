import type { Refusal } from "./catalogue.ts";

/** After an object said that it has too much to do: at once again would make it worse. */
const OVERLOADED_SECONDS = 10;

/** After a restart or a lost connection, which is over within a second. */
const RESTARTED_SECONDS = 1;

/**
 * What an exception says of the platform: it marks those of a Durable Object's stub (`overloaded`,
 * `retryable`, `durableObjectReset`: developers.cloudflare.com/durable-objects/best-practices/error-handling),
 * and those of D1 by their text. Null: a fault of our own code. Its message is the platform's and is not shown.
 */
export function platformRefusal(error: unknown): Refusal | null {
  if (!(error instanceof Error)) return null;
  const marks = error as Error & { overloaded?: unknown; retryable?: unknown; durableObjectReset?: unknown };
  if (marks.overloaded === true) return unavailable("is busy", OVERLOADED_SECONDS);
  if (marks.retryable === true || marks.durableObjectReset === true) {
    return unavailable("was interrupted", RESTARTED_SECONDS);
  }
  return /^D1_[A-Z_]*ERROR\b/.test(error.message) ? unavailable("cannot reach its database", RESTARTED_SECONDS) : null;
}

const unavailable = (why: string, retryAfterSeconds: number): Refusal => ({
  code: "gateway_unavailable",
  message: `the gateway ${why}: try again in a moment, a submit with the same Idempotency-Key`,
  retryAfterSeconds,
});
