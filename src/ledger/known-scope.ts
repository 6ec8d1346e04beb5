import type { Refusal } from "../errors/catalogue.ts";
import { findKey } from "./key-store.ts";
import type { BudgetScope } from "./types.ts";

/** A budget or limit of a key that there is not binds nothing: a slip of the pen, not a wish. Null: it is known. */
export function refuseUnknownKey(sql: SqlStorage, scope: BudgetScope): Refusal | null {
  if (scope.kind !== "key" || findKey(sql, scope.key)) return null;
  const issue = { field: "scope.key", rule: "must be the id of a key of this tenant", value: scope.key };
  return { code: "invalid_request", message: `scope.key ${issue.rule} (was ${scope.key})`, issues: [issue] };
}

/** Whether one of these is about the tenant as a whole. */
export const isWhole = (...limited: ({ scope: BudgetScope } | null)[]): boolean =>
  limited.some((one) => one?.scope.kind === "tenant");

export const OPERATORS_ALONE: Refusal = {
  code: "forbidden",
  message: "what a tenant as a whole may spend or do is the operator's to say",
};
