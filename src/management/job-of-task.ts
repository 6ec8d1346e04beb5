import { sandboxAccount } from "../accounts/account-of.ts";
import type { Services } from "./services.ts";

/**
 * The id of the job that has this task at WaveSpeed, by the claims of the operator's accounts, then by those of the tenant's sandbox;
 * undefined: none of them knows it. It may be another tenant's.
 */
export async function jobOfTask(
  { accounts, account }: Pick<Services, "accounts" | "account">,
  tenant: string,
  upstreamId: string,
): Promise<string | undefined> {
  const owners = await Promise.all(accounts.map(({ name }) => account(name).ownerOf(upstreamId)));
  const live = owners.find((job) => job !== null);
  return live ?? (await account(sandboxAccount(tenant)).ownerOf(upstreamId)) ?? undefined;
}
