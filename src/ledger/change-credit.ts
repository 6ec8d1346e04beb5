import type { Refusal } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import { formatMicros, MICROS_MAX } from "../money/index.ts";
import type { ChangeContext } from "./changes.ts";
import { findCredit, moveBalance, openCredit, removeCredit } from "./credit-store.ts";
import { appendEntry } from "./journal-store.ts";
import type { Credit } from "./types.ts";

/** Largest balance and limit, either way: far from where sums would stop being exact. */
const CREDIT_MICROS_MAX = Math.floor(MICROS_MAX / 4);

/** Gives the tenant money to draw on. The first top-up makes its credit, prepaid. */
export function topUp(
  context: ChangeContext,
  { amountMicros, reason }: { amountMicros: number; reason: string },
): Result<Credit, Refusal> {
  return move(context, { cause: "top_up", amountMicros, reason });
}

/** Corrects the balance by hand, up or down; it may go below zero, and then nothing is admitted. */
export function adjustCredit(
  context: ChangeContext,
  { amountMicros, reason }: { amountMicros: number; reason: string },
): Result<Credit, Refusal> {
  if (findCredit(context.sql) === null) return err(NO_CREDIT);
  return move(context, { cause: "adjustment", amountMicros, reason });
}

/** How far below zero the balance may go: 0 is prepaid, more is postpaid. Makes the credit where there is none. */
export function setCreditLimit(
  { sql, tenant, now, actor }: ChangeContext,
  { limitMicros }: { limitMicros: number },
): Result<Credit, Refusal> {
  if (limitMicros > CREDIT_MICROS_MAX) return err(tooMuch("limit", limitMicros));
  openCredit(sql, limitMicros);
  appendEntry(sql, { kind: "credit_limit", limitMicros, actor }, now, tenant.timeZone);
  return read(sql);
}

/** Takes the credit away, once there is nothing on it: a balance is never thrown away unseen. */
export function closeCredit({ sql, tenant, now, actor }: ChangeContext, _input: null): Result<null, Refusal> {
  const credit = findCredit(sql);
  if (!credit) return err(NO_CREDIT);
  if (credit.balanceMicros !== 0 || credit.heldJobs !== 0) {
    const { balanceMicros, heldMicros } = credit;
    const message = `credit can be closed at balance 0 without holds; it has ${formatMicros(balanceMicros)} and holds ${formatMicros(heldMicros)}`;
    return err({ code: "conflict", message });
  }
  removeCredit(sql);
  appendEntry(sql, { kind: "credit_limit", limitMicros: null, actor }, now, tenant.timeZone);
  return ok(null);
}

function move(
  { sql, tenant, now, actor }: ChangeContext,
  movement: { cause: "top_up" | "adjustment"; amountMicros: number; reason: string },
): Result<Credit, Refusal> {
  const credit = findCredit(sql);
  const balanceMicros = (credit?.balanceMicros ?? 0) + movement.amountMicros;
  if (Math.abs(balanceMicros) > CREDIT_MICROS_MAX) return err(tooMuch("amount", movement.amountMicros));
  // Not before that: a refused top-up must not leave an empty credit, which admits nothing.
  if (credit === null) openCredit(sql, 0);
  moveBalance(sql, movement.amountMicros);
  appendEntry(sql, { kind: "credit", ...movement, balanceMicros, actor }, now, tenant.timeZone);
  return read(sql);
}

function read(sql: SqlStorage): Result<Credit, Refusal> {
  const credit = findCredit(sql);
  if (!credit) throw new Error("the credit that was just written is not there");
  return ok(credit);
}

function tooMuch(field: string, micros: number): Refusal {
  const rule = `must keep the balance and the limit within ${formatMicros(CREDIT_MICROS_MAX)}`;
  const value = formatMicros(micros);
  return { code: "invalid_request", message: `${field} ${rule}`, issues: [{ field, rule, value }] };
}

const NO_CREDIT: Refusal = { code: "not_found", message: "this tenant has no credit" };
