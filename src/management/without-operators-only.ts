/** Members that answers have for operators alone. A tenant's people read its chain, so it keeps none of them. */
const OPERATORS_ONLY: ReadonlySet<string> = new Set(["cost", "margin", "upstream_id"]);

export const isOperatorsOnly = (name: string): boolean => OPERATORS_ONLY.has(name);

/** A value as the audit log of a tenant may keep it, whoever made the change. */
export function withoutOperatorsOnly(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutOperatorsOnly);
  if (typeof value !== "object" || value === null) return value;
  const told = Object.entries(value).filter(([name]) => !isOperatorsOnly(name));
  return Object.fromEntries(told.map(([name, member]) => [name, withoutOperatorsOnly(member)]));
}
