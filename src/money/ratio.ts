/** An exact fraction. */
export interface Ratio {
  over: bigint;
  under: bigint;
}

const EXPONENT_MAX = 30;
const DECIMAL = /^([0-9]{1,30})(?:\.([0-9]{0,30}))?(?:[eE]([+-]?[0-9]{1,3}))?$/;

/** A decimal number as it is written, without a sign; null: not one. A float would have lost some of its digits. */
export function ratioOf(text: string): Ratio | null {
  const match = DECIMAL.exec(text);
  if (match === null) return null;
  const [, whole = "0", fraction = "", exponent = "0"] = match;
  const power = Number(exponent) - fraction.length;
  if (Math.abs(power) > EXPONENT_MAX * 2) return null;
  const digits = BigInt(whole + fraction);
  return power >= 0
    ? { over: digits * 10n ** BigInt(power), under: 1n }
    : { over: digits, under: 10n ** BigInt(-power) };
}

export const times = (a: Ratio, b: Ratio): Ratio => ({ over: a.over * b.over, under: a.under * b.under });

/** null: a division by nothing. */
export const dividedBy = (a: Ratio, b: Ratio): Ratio | null =>
  b.over === 0n ? null : { over: a.over * b.under, under: a.under * b.over };

/** The whole number that it is, or null. */
export const wholeOf = ({ over, under }: Ratio): bigint | null => (over % under === 0n ? over / under : null);
