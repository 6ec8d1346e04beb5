import type { Context } from "hono";

/** The address of something of a tenant in the API. What came out of a page's own address is encoded once more. */
export const tenantApi = (tenant: string, ...parts: readonly string[]): string =>
  ["/v1/tenants", ...[tenant, ...parts].map(encodeURIComponent)].join("/");

/** A page of a list: the page's own cursor handed on. `fixed`: what else is asked. */
export function listQuery(c: Context, fixed: Record<string, string> = {}): string {
  const cursor = c.req.query("cursor");
  return `?${new URLSearchParams({ ...fixed, ...(cursor !== undefined && { cursor }) })}`;
}

export interface List<Row> {
  data: Row[];
  next_cursor: string | null;
}
