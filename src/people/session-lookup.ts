import { findSession } from "./session-store.ts";
import type { Session } from "./types.ts";

/** How the guards find out who is signed in. */
export interface SessionLookup {
  /** Null: nobody, any more. */
  find: (secret: string) => Promise<Session | null>;
  /** Something was changed: what was found may be so no more. */
  forget: () => void;
}

/**
 * For one HTTP request, and never for a second one: a page makes several calls of the API in-process, and D1 need not say each time who
 * is signed in. What was ended meanwhile counts from the next request on, and within this one from its own change on.
 */
export function sessionLookup(control: D1Database, now: () => number): SessionLookup {
  const found = new Map<string, Promise<Session | null>>();
  return {
    find: (secret) => {
      const known = found.get(secret);
      if (known) return known;
      const asked = findSession(control, secret, now());
      found.set(secret, asked);
      // What failed is asked again.
      asked.catch(() => found.delete(secret));
      return asked;
    },
    forget: () => found.clear(),
  };
}
