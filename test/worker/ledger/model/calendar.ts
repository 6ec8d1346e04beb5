import type { WindowKind } from "../../../../src/ledger/types.ts";

/** Zones whose days are 23, 24, 25 and 23.5 hours long, begin at 1 o'clock, or differ by a quarter of an hour. */
export const ZONES = [
  "UTC",
  "America/New_York",
  "Europe/Berlin",
  "Asia/Kathmandu",
  "Australia/Lord_Howe",
  "Asia/Beirut",
  "America/Havana",
  "Pacific/Kiritimati",
] as const;

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** All histories are in a leap year far ahead: an alarm that is armed never rings by itself. */
const YEAR = 2044;
const MONTHS = Array.from({ length: 12 }, (_, month) => Date.UTC(YEAR, month, 1));

const formats = new Map<string, Intl.DateTimeFormat>();
const dates = new Map<string, string>();

/** The date that a calendar on the wall shows, such as "2044-03-13". */
export function localDate(at: number, zone: string): string {
  const asked = `${zone} ${at}`;
  const known = dates.get(asked);
  if (known !== undefined) return known;
  if (dates.size > 50_000) dates.clear();
  const parts = { year: "numeric", month: "2-digit", day: "2-digit" } as const;
  const format = formats.get(zone) ?? new Intl.DateTimeFormat("sv-SE", { timeZone: zone, ...parts });
  formats.set(zone, format);
  const date = format.format(at);
  dates.set(asked, date);
  return date;
}

/** The name of a window: two instants are in the same one if it has the same name for both. */
export function windowName(kind: WindowKind, at: number, zone: string): string {
  if (kind === "total") return "total";
  const date = localDate(at, zone);
  if (kind === "day") return date;
  if (kind === "month") return date.slice(0, 7);
  const noon = Date.parse(`${date}T12:00:00Z`);
  const daysSinceMonday = (new Date(noon).getUTCDay() + 6) % 7;
  return `week of ${localDate(noon - daysSinceMonday * DAY_MS, "UTC")}`;
}

/** The first instant of the next window. */
export function nextWindow(kind: Exclude<WindowKind, "total">, at: number, zone: string): number {
  const name = windowName(kind, at, zone);
  let [inside, outside] = [at, at + 33 * DAY_MS];
  while (outside - inside > 1) {
    const middle = Math.floor((inside + outside) / 2);
    if (windowName(kind, middle, zone) === name) inside = middle;
    else outside = middle;
  }
  return outside;
}

/** Whether these are the bounds of the window that `at` is in. */
export function areBounds(kind: WindowKind, at: number, zone: string, start: number | null, end: number | null) {
  if (kind === "total") return start === null && end === null;
  if (start === null || end === null || start > at || end <= at) return false;
  const inside = [start, end - 1].every((edge) => windowName(kind, edge, zone) === windowName(kind, at, zone));
  return inside && [start - 1, end].every((edge) => windowName(kind, edge, zone) !== windowName(kind, at, zone));
}

/** Hours before clocks change, a month ends or nothing happens: where a history may begin. */
export const STARTS: readonly number[] = [...new Set([...MONTHS, ...ZONES.flatMap(clockChanges)])].map(
  (at) => at - 5 * HOUR_MS,
);

function clockChanges(zone: string): number[] {
  const format = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" });
  const offset = (at: number): string => format.format(at).split(", ")[1] ?? "";
  const first = Date.UTC(YEAR, 0, 1);
  const days = Array.from({ length: 366 }, (_, day) => first + day * DAY_MS);
  return days.filter((day) => offset(day) !== offset(day + DAY_MS));
}
