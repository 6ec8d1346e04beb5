/**
 * Where two JSON bodies differ in shape: a field that only one has, or that has another type. Elements of a list count
 * as one, with all the fields that any of them has; an empty list has the shape of any list. `mayDiffer`: paths that are not
 * compared, `*` for any element or name.
 */
export function differences(theirs: unknown, ours: unknown, mayDiffer: readonly string[], path = ""): string[] {
  if (mayDiffer.includes(path)) return [];
  const [a, b] = [kindOf(theirs), kindOf(ours)];
  if (a !== b) return [`${path || "body"}: ${a}, and ${b} through the gateway`];
  if (Array.isArray(theirs) && Array.isArray(ours)) {
    if (theirs.length === 0 || ours.length === 0) return [];
    return differences(merged(theirs), merged(ours), mayDiffer, `${path}[]`);
  }
  if (!isRecord(theirs) || !isRecord(ours)) return [];
  const names = new Set([...Object.keys(theirs), ...Object.keys(ours)]);
  return [...names].flatMap((name) =>
    differences(theirs[name], ours[name], mayDiffer, path ? `${path}.${name}` : name),
  );
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function kindOf(value: unknown): string {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "list";
  return Number.isInteger(value) ? "number" : typeof value;
}

/** One element that has what any of them has. */
const merged = (elements: readonly unknown[]): unknown =>
  elements.every(isRecord) ? Object.assign({}, ...elements) : elements[0];
