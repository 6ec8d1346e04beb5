import type { Refusal } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import type { ChangeContext } from "./changes.ts";
import {
  allLimits,
  countLimits,
  findLimit,
  LIMITS_MAX,
  removeLimit,
  replaceLimit,
  type CountedLimit,
} from "./limit-store.ts";
import { isWhole, OPERATORS_ALONE, refuseUnknownKey } from "./known-scope.ts";
import { scopeKey } from "./scope.ts";
import type { Limit, LimitState } from "./types.ts";
import { windowAt } from "./windows.ts";

/**
 * Creates or replaces a limit. Running jobs count at once; a limit that replaces one of the same scope
 * keeps today's submits and the rate's state, so that replacing it forgives nothing.
 */
export function putLimit({ sql, tenant, now, within }: ChangeContext, limit: Limit): Result<LimitState, Refusal> {
  const earlier = findLimit(sql, limit.id);
  if (within && isWhole(earlier, limit)) return err(OPERATORS_ALONE);
  if (earlier === null && countLimits(sql) >= LIMITS_MAX) {
    return err({ code: "conflict", message: `a tenant has at most ${LIMITS_MAX} limits` });
  }
  const unknown = refuseUnknownKey(sql, limit.scope);
  if (unknown) return err(unknown);
  const same = earlier && earlier.mode === limit.mode && scopeKey(earlier.scope) === scopeKey(limit.scope);
  const counted = same ? earlier : { arrival: null, day: "", submits: 0 };
  replaceLimit(sql, { ...limit, arrival: counted.arrival, day: counted.day, submits: counted.submits });
  const written = findLimit(sql, limit.id);
  if (!written) throw new Error(`limit ${limit.id} was not written`);
  return ok(limitState(written, windowAt("day", now, tenant.timeZone).id));
}

export function deleteLimit({ sql, within }: ChangeContext, input: { id: string }): Result<null, Refusal> {
  const found = findLimit(sql, input.id);
  if (!found) return err({ code: "not_found", message: `limit ${input.id} does not exist` });
  if (within && isWhole(found)) return err(OPERATORS_ALONE);
  removeLimit(sql, input.id);
  return ok(null);
}

/** Every limit as it stands at an instant of the tenant's day. */
export const limitStates = (sql: SqlStorage, now: number, timeZone: string): LimitState[] =>
  allLimits(sql).map((limit) => limitState(limit, windowAt("day", now, timeZone).id));

/** A limit as it is shown; `today`: the id of the tenant's day. */
export function limitState(counted: CountedLimit, today: string): LimitState {
  const { arrival: _arrival, day, submits, running, ...limit } = counted;
  return { ...limit, runningJobs: running, submitsToday: day === today ? submits : 0 };
}
