import { and, asc, between, eq, inArray, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { AnySQLiteColumn } from "drizzle-orm/sqlite-core";
import type { Refusal } from "../errors/catalogue.ts";
import { ok, type Result } from "../errors/result.ts";
import type { Mode } from "../ledger/journal-entry.ts";
import { refuseField } from "./refuse-field.ts";
import { usageDays } from "./schema.ts";
import { checkUsageQuery, type UsageQuery } from "./usage-query.ts";

export const USAGE_ROWS_MAX = 10_000;

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

export interface UsageReport {
  /** Ordered by the groups as they were asked for; groups without a captured job have no row. */
  rows: UsageRow[];
  total: UsageSum;
}

const COLUMNS = {
  day: usageDays.localDay,
  model: usageDays.model,
  team: usageDays.team,
  key: usageDays.keyId,
  mode: usageDays.mode,
} as const;

/**
 * One tenant's usage by its local day of capture, from the daily roll-up (never from jobs). Without a
 * group there is one row, or none if nothing was captured. Refuses with `invalid_request` a bad or too
 * long span (400 days) and an answer of more than 10,000 rows.
 */
export async function usage(db: D1Database, query: UsageQuery): Promise<Result<UsageReport, Refusal>> {
  const checked = checkUsageQuery(query);
  if (!checked.ok) return checked;
  const groups = [...new Set(query.groupBy)];
  const columns = groups.map((group) => COLUMNS[group]);
  const select = drizzle(db)
    .select({ ...Object.fromEntries(groups.map((group) => [group, COLUMNS[group]])), ...SUMS })
    .from(usageDays)
    .where(inSpan(query));
  const found = await (columns.length > 0
    ? select
        .groupBy(...columns)
        .having(ANY_CAPTURED)
        .orderBy(...columns.map((column) => asc(column)))
        .limit(USAGE_ROWS_MAX + 1)
    : select.having(ANY_CAPTURED));
  if (found.length > USAGE_ROWS_MAX) {
    const rule = `makes more than ${USAGE_ROWS_MAX} rows: take fewer groups or fewer days`;
    return refuseField("group_by", rule, groups.join(","));
  }
  const rows = found.map(noTeamIsNull);
  return ok({ rows, total: addUp(rows) });
}

const sum = (column: AnySQLiteColumn) => sql<number>`sum(${column})`;

/** Days on which jobs only failed have a row, too. */
const ANY_CAPTURED = sql`sum(${usageDays.jobs}) > 0`;

const SUMS = {
  jobs: sum(usageDays.jobs),
  seconds: sum(usageDays.seconds),
  costMicros: sum(usageDays.costMicros),
  priceMicros: sum(usageDays.priceMicros),
};

/** Names every column of the key up to the day, so that only the span's rows are read. */
function inSpan({ tenant, from, to, key, team, mode = "live" }: UsageQuery) {
  const modes: Mode[] = mode === "all" ? ["live", "test"] : [mode];
  return and(
    eq(usageDays.tenant, tenant),
    inArray(usageDays.mode, modes),
    between(usageDays.localDay, from, to),
    key === undefined ? undefined : eq(usageDays.keyId, key),
    team === undefined ? undefined : eq(usageDays.team, team),
  );
}

function noTeamIsNull(row: UsageRow): UsageRow {
  return row.team === "" ? { ...row, team: null } : row;
}

function addUp(rows: readonly UsageSum[]): UsageSum {
  const total = { jobs: 0, seconds: 0, costMicros: 0, priceMicros: 0 };
  for (const row of rows) {
    total.jobs += row.jobs;
    total.seconds += row.seconds;
    total.costMicros += row.costMicros;
    total.priceMicros += row.priceMicros;
  }
  return total;
}
