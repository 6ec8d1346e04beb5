/** What the list can be narrowed by, as the address has it. */
export const FILTERS = ["q", "status", "model", "team", "key", "mode", "from", "to", "upstream_id"] as const;

export type Asked = Record<(typeof FILTERS)[number], string>;

/** The API's query. */
export function apiQuery({ status, q, ...same }: Asked): Record<string, string> {
  const isState = status === "running" || status === "ended";
  return { ...same, q: q.toLowerCase(), ...(isState ? { state: status } : { status }) };
}
