import type { AccountSettings } from "./account-settings.ts";

/**
 * The accounts that may take a new job, in the order in which it is offered to them: drawn by weight without
 * putting back, those of weight 0 last. `chance`: one number from 0 to 1 for each account.
 */
export function chooseAccounts(
  accounts: readonly Pick<AccountSettings, "name" | "weight">[],
  isUsable: (name: string) => boolean,
  chance: () => number,
): string[] {
  const left = accounts.filter(({ name }) => isUsable(name));
  const drawn: string[] = [];
  while (left.length > 0) {
    const index = draw(left, chance());
    const [account] = left.splice(index, 1);
    if (account) drawn.push(account.name);
  }
  return drawn;
}

function draw(accounts: readonly { weight: number }[], chance: number): number {
  let rest = chance * accounts.reduce((sum, { weight }) => sum + weight, 0);
  const index = accounts.findIndex(({ weight }) => {
    rest -= weight;
    return rest < 0;
  });
  return Math.max(0, index);
}
