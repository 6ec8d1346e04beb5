import { findCredit } from "./credit-store.ts";
import { openByTeam, type OpenJobs } from "./hold-store.ts";
import { ledgerNow } from "./journal-store.ts";
import { spentIn } from "./spend-store.ts";
import { findTenant } from "./tenant-store.ts";
import type { Mode } from "./journal-entry.ts";
import type { Budget, Credit } from "./types.ts";
import { windowAt } from "./windows.ts";

/** How a tenant stands. `monthMicros`: captured of the jobs that were admitted this month, as budgets count. */
export interface Standing {
  open: OpenJobs[];
  monthMicros: Record<Mode, number>;
  credit: Credit | null;
}

/** What is open, what was captured this month, and the credit, all of one moment. */
export function standing(sql: SqlStorage): Standing {
  const timeZone = findTenant(sql)?.timeZone ?? "UTC";
  const month = windowAt("month", ledgerNow(sql), timeZone);
  const spent = (mode: Budget["mode"]): number =>
    spentIn(sql, { ...ALL, timeZone, mode, scope: { kind: "tenant" } }, month);
  return { open: openByTeam(sql), monthMicros: { live: spent("live"), test: spent("test") }, credit: findCredit(sql) };
}

const ALL = { id: "", window: "month", limitMicros: 0, thresholds: [] } as const satisfies Partial<Budget>;
