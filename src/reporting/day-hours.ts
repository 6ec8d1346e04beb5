const HOUR_MS = 3_600_000;

/** Captured jobs of one UTC hour, and their price in micro-dollars. */
export interface HourSum {
  /** Epoch ms at which the hour begins. */
  begins: number;
  jobs: number;
  priceMicros: number;
}

/** The name of an instant's UTC hour in `usage_days.hours`: hours since 1970, since a row is read and written whole. */
export const hourOf = (at: number): number => Math.floor(at / HOUR_MS);

/** A day's hours as its row keeps them: JSON, `[jobs, price]` by the hour's name. Hours without a captured job have none. */
export const readHours = (hours: string): HourSum[] =>
  Object.entries(JSON.parse(hours) as Record<string, [number, number]>).map(([hour, [jobs, priceMicros]]) => ({
    begins: Number(hour) * HOUR_MS,
    jobs,
    priceMicros,
  }));
