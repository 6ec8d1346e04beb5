/**
 * An amount of the API ("1300.500000") as people read it: "$1,300.50". Nothing is rounded away: what lies below a cent is
 * shown where there is any.
 */
export function showMoney(amount: string): string {
  const [, sign = "", whole = "0", fraction = ""] = /^(-?)(\d+)(?:\.(\d*))?$/.exec(amount) ?? [];
  const kept = fraction.replace(/0+$/, "").padEnd(2, "0");
  return `${sign}$${whole.replaceAll(/\B(?=(\d{3})+$)/g, ",")}.${kept}`;
}

/** Micro-dollars of an amount of the API, for meters. Exact below nine quadrillion. */
export function microsOf(amount: string): number {
  const [, sign = "", whole = "0", fraction = ""] = /^(-?)(\d+)(?:\.(\d*))?$/.exec(amount) ?? [];
  const micros = Number(whole + fraction.slice(0, 6).padEnd(6, "0"));
  return sign === "-" ? -micros : micros;
}
