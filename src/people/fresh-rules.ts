import type { Session } from "./types.ts";

/** What lets a person in later is changed by whoever came in this long ago at most: who found a session open did not. */
export const FRESH_MS = 600_000;

export const isFresh = (session: Pick<Session, "createdAt">, now: number): boolean =>
  now - session.createdAt < FRESH_MS;
