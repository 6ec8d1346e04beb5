import type { Mode } from "../ledger/journal-entry.ts";
import type { DayRow } from "./day-rows.ts";
import type { UsageGroup } from "./usage-query.ts";

/** Captured jobs and what they came to. Amounts are integer micro-dollars. */
export interface UsageSum {
  jobs: number;
  seconds: number;
  costMicros: number;
  priceMicros: number;
}

/** A sum with the groups that were asked for; team null: jobs of no team. */
export interface UsageRow extends UsageSum {
  day?: string;
  model?: string;
  team?: string | null;
  key?: string;
  mode?: Mode;
}

export type UsedDay = Pick<DayRow, "day" | "team" | "key" | "model" | keyof UsageSum> & { mode: Mode };

/** Sums of the groups in which a job was captured, ordered by the groups as they were asked for. */
export function groupUsage(days: readonly UsedDay[], groups: readonly UsageGroup[]): UsageRow[] {
  const found = new Map<string, UsageRow & UsageSum>();
  for (const day of days) {
    // Days on which jobs only failed have a row, too.
    if (day.jobs === 0) continue;
    const name = JSON.stringify(groups.map((group) => day[group]));
    const row = found.get(name) ?? { ...groupsOf(day, groups), ...addUp([]) };
    found.set(name, row);
    addTo(row, day);
  }
  return [...found.values()].toSorted((a, b) => inOrder(a, b, groups));
}

function groupsOf(day: UsedDay, groups: readonly UsageGroup[]): Partial<UsageRow> {
  const row: Partial<UsageRow> = Object.fromEntries(groups.map((group) => [group, day[group]]));
  return row.team === "" ? { ...row, team: null } : row;
}

function inOrder(a: UsageRow, b: UsageRow, groups: readonly UsageGroup[]): number {
  for (const group of groups) {
    const [left, right] = [a[group] ?? "", b[group] ?? ""];
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}

export function addUp(rows: readonly UsageSum[]): UsageSum {
  const total = { jobs: 0, seconds: 0, costMicros: 0, priceMicros: 0 };
  for (const row of rows) addTo(total, row);
  return total;
}

function addTo(sum: UsageSum, { jobs, seconds, costMicros, priceMicros }: UsageSum): void {
  sum.jobs += jobs;
  sum.seconds += seconds;
  sum.costMicros += costMicros;
  sum.priceMicros += priceMicros;
}
