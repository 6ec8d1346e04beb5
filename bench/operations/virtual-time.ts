/**
 * Makes the time of this isolate the driver's, and its chance no chance: a job of four hours then lives in a moment,
 * and the same in every run. Import it before anything that reads a clock. Short waits (`scheduler.wait`) stay real.
 */
const RealDate = Date;
let now = RealDate.parse("2026-01-01T00:00:00Z");

class VirtualDate extends RealDate {
  // A Date is made from nothing, from one value, or from its parts.
  constructor(...parts: [] | [number | string | Date]) {
    super(...((parts.length === 0 ? [now] : parts) as [number]));
  }

  static override now(): number {
    return now;
  }
}

globalThis.Date = VirtualDate as DateConstructor;

/** The middle of what chance may bring. */
Math.random = () => 0.5;

export function setNow(at: number): void {
  now = at;
}
