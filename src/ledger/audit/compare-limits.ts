import { allLimits } from "../limit-store.ts";
import { scopeKey, scopesOf } from "../scope.ts";
import type { Rebuilt } from "./compare-books.ts";
import { scopeOf } from "./compared-windows.ts";
import type { Differences } from "./differences.ts";

/** Jobs running, as each limit counts them, against the open holds. */
export function compareLimits(sql: SqlStorage, { open }: Rebuilt, differences: Differences): void {
  const running = new Map<string, number>();
  for (const job of open.values()) {
    for (const key of scopesOf(job)) {
      const scope = scopeOf(job.mode, key);
      running.set(scope, (running.get(scope) ?? 0) + 1);
    }
  }
  for (const limit of allLimits(sql)) {
    const rebuilt = running.get(scopeOf(limit.mode, scopeKey(limit.scope))) ?? 0;
    if (limit.running !== rebuilt) {
      differences.add(`limit ${limit.id}: ${limit.running} jobs running in use, ${rebuilt} from the journal`);
    }
  }
}
