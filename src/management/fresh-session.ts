import type { Context } from "hono";
import type { Refusal } from "../errors/catalogue.ts";
import { FRESH_MS, isFresh, type Session } from "../people/index.ts";
import type { ManagementEnv } from "./services.ts";

/** For what lets a person in later: null, if this session began a moment ago. */
export const refuseStale = (c: Context<ManagementEnv>, session: Session): Refusal | null =>
  isFresh(session, c.get("services").now()) ? null : STALE;

const STALE: Refusal = {
  code: "forbidden",
  message: `passkeys are changed within ${FRESH_MS / 60_000} minutes of signing in: sign in again first`,
  details: { reason: "sign_in_again" },
};
