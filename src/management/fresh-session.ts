import type { Context } from "hono";
import type { Refusal } from "../errors/catalogue.ts";
import { FRESH_MS, isFresh, type Session } from "../people/index.ts";
import { personOf } from "./person-of.ts";
import type { ManagementEnv } from "./services.ts";

/** For what lets a person in later: null, if this session began a moment ago. */
export const refuseStale = (c: Context<ManagementEnv>, session: Session): Refusal | null =>
  isFresh(session, c.get("services").now()) ? null : STALE;

/** For a way in that somebody makes for themselves: it would be a fresh session out of any old one. */
export function refuseStaleSelf(c: Context<ManagementEnv>, person: string): Refusal | null {
  const own = personOf(c);
  return own?.person.id === person ? refuseStale(c, own) : null;
}

const STALE: Refusal = {
  code: "forbidden",
  message: `your own ways in are changed within ${FRESH_MS / 60_000} minutes of signing in: sign in again first`,
  details: { reason: "sign_in_again" },
};
