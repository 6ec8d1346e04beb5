import type { WindowKind } from "./types.ts";

/** A budget's window: its id (equal for equal windows), and its bounds as epoch ms. */
export interface Window {
  readonly id: string;
  readonly start: number | null;
  readonly end: number | null;
}

const DAY_MS = 86_400_000;

/**
 * The window that an instant belongs to, in an IANA time zone. Nothing is ever reset: a new window
 * is a new id. Weeks begin on Monday. A local day begins at the first instant that bears its date,
 * which is not always midnight where clocks change at midnight.
 */
export function windowAt(kind: WindowKind, at: number, timeZone: string): Window {
  return kind === "total" ? TOTAL : spanAt(kind, at, timeZone).window;
}

/** YYYY-MM-DD of an instant in a time zone. */
export const localDay = (at: number, timeZone: string): string => spanAt("day", at, timeZone).firstDay;

const TOTAL: Window = { id: "total", start: null, end: null };

/** A window of civil days, and the date of its first. */
interface Span {
  firstDay: string;
  window: Window & { start: number; end: number };
}

/**
 * The last span found of each kind in each zone. Windows tile time, so an instant between the bounds
 * of one is in it; to ask the calendar each time would be a fifth of an admission (bench/ledger).
 */
const lastSpans = new Map<string, Span>();

function spanAt(kind: "day" | "week" | "month", at: number, timeZone: string): Span {
  const key = `${kind}:${timeZone}`;
  const last = lastSpans.get(key);
  if (last && last.window.start <= at && at < last.window.end) return last;
  const first = firstDay(kind, civilDay(at, timeZone));
  const next = kind === "month" ? nextMonth(first) : first + (kind === "week" ? 7 : 1) * DAY_MS;
  const firstText = isoDay(first);
  const span: Span = {
    firstDay: firstText,
    window: {
      id: `${kind}:${firstText}:${timeZone}`,
      start: startOfDay(first, timeZone),
      end: startOfDay(next, timeZone),
    },
  };
  lastSpans.set(key, span);
  return span;
}

/** Whether the runtime knows this IANA zone. */
export function isTimeZone(name: string): boolean {
  try {
    return formatter(name) !== undefined;
  } catch {
    return false;
  }
}

/** A civil day is held as the UTC midnight of the same date: plain arithmetic, no zone. */
function firstDay(kind: "day" | "week" | "month", day: number): number {
  const date = new Date(day);
  if (kind === "week") return day - ((date.getUTCDay() + 6) % 7) * DAY_MS;
  if (kind === "month") return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
  return day;
}

function nextMonth(day: number): number {
  const date = new Date(day);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}

const isoDay = (day: number): string => new Date(day).toISOString().slice(0, 10);

function startOfDay(day: number, timeZone: string): number {
  const before = day - offsetAt(day - DAY_MS, timeZone);
  const after = day - offsetAt(day + DAY_MS, timeZone);
  const [first, second] = before < after ? [before, after] : [after, before];
  return civilDay(first, timeZone) === day ? first : second;
}

const offsetAt = (at: number, timeZone: string): number => {
  const parts = partsAt(at, timeZone);
  return (
    Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute, parts.second) -
    Math.floor(at / 1000) * 1000
  );
};

function civilDay(at: number, timeZone: string): number {
  const parts = partsAt(at, timeZone);
  return Date.UTC(parts.year, parts.month - 1, parts.day);
}

type Parts = Record<"year" | "month" | "day" | "hour" | "minute" | "second", number>;

function partsAt(at: number, timeZone: string): Parts {
  const found: Record<string, number> = {};
  for (const part of formatter(timeZone).formatToParts(at)) found[part.type] = Number(part.value);
  return found as Parts;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(timeZone: string): Intl.DateTimeFormat {
  let known = formatters.get(timeZone);
  if (!known) {
    const numeric = "numeric" as const;
    known = new Intl.DateTimeFormat("en-US", {
      timeZone,
      calendar: "iso8601",
      numberingSystem: "latn",
      hourCycle: "h23",
      year: numeric,
      month: numeric,
      day: numeric,
      hour: numeric,
      minute: numeric,
      second: numeric,
    });
    formatters.set(timeZone, known);
  }
  return known;
}
