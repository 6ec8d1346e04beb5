import type { BudgetScope, TenantLedgerApi } from "../ledger/types.ts";

/** Rows of one team; null: of every team and of none. */
export const ofTeam = <Row extends { team: string | null }>(rows: readonly Row[], team: string | null): Row[] =>
  rows.filter((row) => team === null || row.team === team);

/** Budgets or limits that are about this team or a key of it; null: all. What the whole tenant has is not one team's to see. */
export async function ofTeamScope<Row extends { scope: BudgetScope }>(
  ledger: Pick<TenantLedgerApi, "listKeys">,
  rows: readonly Row[],
  team: string | null,
): Promise<Row[]> {
  if (team === null) return [...rows];
  const keys = new Set(ofTeam(await ledger.listKeys(), team).map(({ id }) => id));
  return rows.filter(
    ({ scope }) => (scope.kind === "team" && scope.team === team) || (scope.kind === "key" && keys.has(scope.key)),
  );
}
