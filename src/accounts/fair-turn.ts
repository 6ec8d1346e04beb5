/** A tenant with jobs that wait, in the order of turns. */
export interface Turn {
  tenant: string;
  /** How far it is: each grant moves it on by `strideOf(weight)`. The least far is next. */
  pass: number;
  weight: number;
  waiting: number;
}

/** One turn of a tenant of weight 1. Divides by most weights without rest. */
const STRIDE = 2_520_000;

export const strideOf = (weight: number): number => Math.round(STRIDE / Math.max(1, weight));

/** Whose turn it is: least far on, then by name so that the order is one. */
export const isBefore = (a: Pick<Turn, "pass" | "tenant">, b: Pick<Turn, "pass" | "tenant">): boolean =>
  a.pass < b.pass || (a.pass === b.pass && a.tenant < b.tenant);

/**
 * The place of a tenant's job (1: next), if nobody else comes: what its tenant has before it (`ahead`), and all
 * turns that the others have meanwhile.
 */
export function placeOf(own: Turn, ahead: number, turns: readonly Turn[]): number {
  const mine = { tenant: own.tenant, pass: own.pass + ahead * strideOf(own.weight) };
  const others = turns.filter(({ tenant }) => tenant !== own.tenant);
  return 1 + ahead + others.reduce((sum, other) => sum + turnsBefore(other, mine), 0);
}

function turnsBefore(other: Turn, mine: Pick<Turn, "pass" | "tenant">): number {
  if (!isBefore(other, mine)) return 0;
  const stride = strideOf(other.weight);
  const whole = Math.floor((mine.pass - other.pass) / stride);
  const last = { tenant: other.tenant, pass: other.pass + whole * stride };
  return Math.min(other.waiting, whole + (isBefore(last, mine) ? 1 : 0));
}
