import { COUNTED, NOTHING, type Counts, type Line } from "./protocol.ts";

const nameOf = ({ place, operation, statement }: Line): string => JSON.stringify([place, operation, statement]);

/** What `after` has more than `before`, line by line; lines of which nothing is left are left out. */
export function difference(after: readonly Line[], before: readonly Line[]): Line[] {
  const earlier = new Map(before.map((line) => [nameOf(line), line]));
  const later = new Map(after.map((line) => [nameOf(line), line]));
  const gone = before.filter((line) => !later.has(nameOf(line))).map((line) => ({ ...line, ...NOTHING }));
  return [...after, ...gone]
    .map((line) => ({ ...line, ...minus(line, earlier.get(nameOf(line)) ?? NOTHING) }))
    .filter((line) => COUNTED.some((what) => line[what] !== 0));
}

const minus = (a: Counts, b: Counts): Counts =>
  Object.fromEntries(COUNTED.map((what) => [what, a[what] - b[what]])) as unknown as Counts;

export const sumOf = (lines: readonly Counts[]): Counts =>
  lines.reduce<Counts>((sum, line) => plus(sum, line), NOTHING);

const plus = (a: Counts, b: Counts): Counts =>
  Object.fromEntries(COUNTED.map((what) => [what, a[what] + b[what]])) as unknown as Counts;
