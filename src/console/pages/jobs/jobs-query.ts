/** What the list can be narrowed by, as the address has it. */
export const FILTERS = ["q", "status", "model", "team", "key", "mode", "from", "to"] as const;

export type Asked = Record<(typeof FILTERS)[number], string>;

const DAY_MS = 86_400_000;

/** The API's query: it has instants where the page has days, of which the last one is within. */
export function apiQuery({ status, from, to, q, ...same }: Asked): Record<string, string> {
  const isState = status === "running" || status === "ended";
  return {
    ...same,
    q: q.toLowerCase(),
    ...(isState ? { state: status } : { status }),
    from: startOf(from, 0),
    to: startOf(to, DAY_MS),
  };
}

/** What is no day goes to the API as it is, which says so. */
function startOf(day: string, later: number): string {
  const at = /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(day) : Number.NaN;
  return Number.isNaN(at) ? day : new Date(at + later).toISOString();
}
