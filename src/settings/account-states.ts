import { eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { accountStates } from "./schema.ts";

/** More than a configuration may hold; those that were taken out of it stay as rows. */
const ACCOUNTS_MAX = 1_000;

/** Names of the accounts that are not used at the moment. */
export async function readClosedAccounts(control: D1Database): Promise<string[]> {
  const rows = await drizzle(control)
    .select({ account: accountStates.account })
    .from(accountStates)
    .where(eq(accountStates.circuit, "open"))
    .limit(ACCOUNTS_MAX);
  return rows.map((row) => row.account);
}

/** False: D1 did not take it. Never throws: whoever calls has a fault at hand already, and tries again. */
export async function writeAccountState(
  control: D1Database,
  state: typeof accountStates.$inferSelect,
): Promise<boolean> {
  const { account, ...rest } = state;
  try {
    await drizzle(control)
      .insert(accountStates)
      .values({ account, ...rest })
      .onConflictDoUpdate({ target: accountStates.account, set: rest });
    return true;
  } catch {
    return false;
  }
}
