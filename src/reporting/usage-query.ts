import { z } from "zod";
import type { Refusal } from "../errors/catalogue.ts";
import { ok, type Result } from "../errors/result.ts";
import type { Mode } from "../ledger/journal-entry.ts";
import { refuseField } from "./refuse-field.ts";

export const USAGE_GROUPS = ["day", "model", "team", "key", "mode"] as const;
export type UsageGroup = (typeof USAGE_GROUPS)[number];

export interface UsageQuery {
  tenant: string;
  /** The tenant's local days of capture, YYYY-MM-DD, both included. */
  from: string;
  to: string;
  groupBy: readonly UsageGroup[];
  /** Of one key's jobs only. */
  key?: string;
  /** Of one team's jobs only; '': of those that have none. */
  team?: string;
  /** Where the span has more than one answer reads, answer the newest days of it: nobody asked for its first. */
  mayShorten?: boolean;
  /** Live unless given: sandbox jobs are in no sum that did not ask for them. */
  mode?: Mode | "all";
}

/** Over a year and a month, so that a year compares with the one before it in two calls. */
export const USAGE_DAYS_MAX = 400;

const DAY_MS = 86_400_000;

const day = z.iso.date();

/** Checks the span of days; refuses with `invalid_request`, naming the field. */
export function checkUsageQuery(query: UsageQuery): Result<UsageQuery, Refusal> {
  for (const field of ["from", "to"] as const) {
    if (!day.safeParse(query[field]).success)
      return refuseField(field, "must be a calendar day, YYYY-MM-DD", query[field]);
  }
  const days = (Date.parse(query.to) - Date.parse(query.from)) / DAY_MS + 1;
  if (days < 1) return refuseField("to", "must not be before from", query.to);
  if (days > USAGE_DAYS_MAX) return refuseField("from", `must be at most ${USAGE_DAYS_MAX} days up to to`, query.from);
  return ok(query);
}
