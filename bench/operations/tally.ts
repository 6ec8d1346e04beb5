import { AsyncLocalStorage } from "node:async_hooks";
import { NOTHING, type Counts, type Line, type Place } from "./protocol.ts";

/** What is being done: everything that it causes is counted for it. `object`: whose call it is; null: the Worker's. */
export interface Doing {
  place: Place;
  operation: string;
  object: object | null;
}

const doing = new AsyncLocalStorage<Doing>();
const lines = new Map<string, Line>();

/** The object whose constructor runs now: that is synchronous, and nobody's call. */
let waking: Doing | null = null;

export const isDoing = (): Doing | undefined => doing.getStore();

export const doingThis = <T>(what: Doing, work: () => T): T => doing.run(what, work);

export function wakes(what: Doing | null): void {
  waking = what;
}

/** Adds to the line of whatever is being done. `place`: where it is billed, if not where it is done. */
export function count(
  added: Partial<Counts>,
  { place, statement = "" }: { place?: Place; statement?: string } = {},
): void {
  const by = doing.getStore() ?? waking;
  const own = by?.place ?? "worker";
  const operation = by?.operation ?? "nobody";
  const at = place ?? own;
  const key = { place: at, operation: at === own ? operation : `${own} ${operation}`, statement };
  const name = JSON.stringify(key);
  const line = lines.get(name) ?? { ...NOTHING, ...key };
  lines.set(name, line);
  for (const [what, n] of Object.entries(added)) line[what as keyof Counts] += n;
}

export const allLines = (): Line[] => [...lines.values()];

/** A statement's beginning, on one line. */
export const shortened = (sql: string): string => sql.trim().replaceAll(/\s+/g, " ").slice(0, 100);
