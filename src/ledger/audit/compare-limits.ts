import { allLimits } from "../limit-store.ts";
import { scopeKey } from "../scope.ts";
import type { Books } from "./books.ts";
import { scopeOf } from "./compared-windows.ts";
import type { HoldSums } from "./hold-sums.ts";

/** Jobs running, as each limit counts them, against the open holds. One made since the audit began is the next one's. */
export function compareLimits({ sql, differences }: Books, holds: HoldSums): void {
  for (const limit of allLimits(sql)) {
    const rebuilt = holds.running(scopeOf(limit.mode, scopeKey(limit.scope)));
    if (rebuilt !== null && limit.running !== rebuilt) {
      differences.add(`limit ${limit.id}: ${limit.running} jobs running in use, ${rebuilt} from the journal`);
    }
  }
}
