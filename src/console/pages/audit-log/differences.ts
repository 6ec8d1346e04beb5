/** What a change did to one value. Null: it was not there. */
export interface Difference {
  field: string;
  before: string | null;
  after: string | null;
}

/** More than this of one entry is for the export. */
const DIFFERENCES_MAX = 60;
const VALUE_CHARS_MAX = 300;

/** Where two states differ, value by value, in the order of the later one: `limit` from "1" to "2". */
export function differences(before: unknown, after: unknown): { shown: Difference[]; more: number } {
  const [was, is] = [valuesOf(before), valuesOf(after)];
  const fields = [...new Set([...is.keys(), ...was.keys()])];
  const all = fields
    .map((field) => ({ field, before: was.get(field) ?? null, after: is.get(field) ?? null }))
    .filter((one) => one.before !== one.after);
  const shown = all.slice(0, DIFFERENCES_MAX).map(({ field, ...values }) => ({
    field: shorten(field),
    before: values.before === null ? null : shorten(values.before),
    after: values.after === null ? null : shorten(values.after),
  }));
  return { shown, more: all.length - shown.length };
}

/** Each value by its path: `scope.team`, `scopes.0`. What is empty is a value, too. */
function valuesOf(state: unknown): Map<string, string> {
  const values = new Map<string, string>();
  if (state !== null && state !== undefined) collect(state, "", values);
  return values;
}

function collect(value: unknown, path: string, into: Map<string, string>): void {
  const inner = typeof value === "object" && value !== null ? Object.entries(value) : [];
  if (inner.length === 0) into.set(path === "" ? "value" : path, asText(value));
  for (const [name, one] of inner) collect(one, path === "" ? name : `${path}.${name}`, into);
}

const asText = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

const shorten = (text: string): string =>
  text.length <= VALUE_CHARS_MAX ? text : `${text.slice(0, VALUE_CHARS_MAX - 1)}…`;
