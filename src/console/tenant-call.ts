import { withoutEmpty } from "./form-values.ts";

/** A call of the API about a tenant; what is empty in the query is left out. An address's tenant may be any text. */
export function tenantCall(tenant: string, path: string, query: Record<string, string | undefined> = {}): string {
  const search = new URLSearchParams(withoutEmpty(query)).toString();
  return `/v1/tenants/${encodeURIComponent(tenant)}/${path}${search && `?${search}`}`;
}
