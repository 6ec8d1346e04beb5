import type { Mode } from "../ledger/journal-entry.ts";
import { addDays, daysBetween } from "./calendar.ts";
import { largestOf, type Captured, type Series } from "./summarize-days.ts";

/** Spans that are read one after the other, in days before the last: what does not fit any more is left out whole. */
const SPAN_DAYS = [1, 7, 31, 93] as const;

/** Rows that D1 counts for each tenant, when they are listed and with each span. */
const ROWS_PER_TENANT = 2;

export interface TenantSpendQuery {
  mode: Mode;
  /** Local days, both included, each tenant's own. */
  from: string;
  to: string;
  /** Rows that may be read in all. */
  rowsMax: number;
}

export interface TenantSpend {
  /** As many of the newest days as could be read. */
  days: string[];
  /** The eight largest tenants by their id, and the others together (null). */
  series: Series[];
}

/**
 * What tenants captured by day, from their own daily roll-ups: there is none of the gateway by tenant, since it would cost a row
 * for each job. So this is for gateways of few tenants, or days; null: not even the last day of all tenants fits into `rowsMax`.
 */
export async function spendByTenant(db: D1Database, query: TenantSpendQuery): Promise<TenantSpend | null> {
  const { mode, from, to, rowsMax } = query;
  const tenants = await tenantsOf(db, Math.floor(rowsMax / ROWS_PER_TENANT / (SPAN_DAYS.length + 1)));
  if (tenants === null) return null;
  const looking = ROWS_PER_TENANT * tenants.length;
  let left = rowsMax - looking;
  let wholeFrom: string | null = null;
  const rows: TenantDay[] = [];
  for (const days of SPAN_DAYS) {
    const last: string = wholeFrom === null ? to : addDays(wholeFrom, -1);
    const first = maxOf(from, addDays(to, 1 - days));
    if (first > last) continue;
    left -= looking;
    const found = left > 0 ? await daysOf(db, { tenants, mode, from: first, to: last, rowsMax: left }) : null;
    if (found === null) break;
    rows.push(...found);
    left -= found.length;
    wholeFrom = first;
  }
  if (wholeFrom === null) return null;
  const days = daysBetween(wholeFrom, to);
  const captured = rows.filter(({ jobs }) => jobs > 0);
  return { days, series: largestOf(captured, ({ tenant }) => tenant, days) };
}

const maxOf = (a: string, b: string): string => (a > b ? a : b);

interface TenantDay extends Captured {
  tenant: string;
}

/** All tenants that have usage, each found by one step down the index; null: there are more. */
async function tenantsOf(db: D1Database, max: number): Promise<string[] | null> {
  if (max < 1) return null;
  const { results } = await db
    .prepare(TENANTS)
    .bind(max + 1)
    .all<{ id: string }>();
  return results.length > max ? null : results.map(({ id }) => id);
}

const TENANTS = `
  WITH RECURSIVE names (id) AS (
    SELECT min(tenant) FROM usage_days
    UNION ALL
    SELECT (SELECT min(tenant) FROM usage_days WHERE tenant > names.id) FROM names WHERE names.id IS NOT NULL
  )
  SELECT id FROM names WHERE id IS NOT NULL LIMIT ?1`;

interface Span {
  tenants: readonly string[];
  mode: Mode;
  from: string;
  to: string;
  rowsMax: number;
}

/** Null: there are more rows than may be read. */
async function daysOf(db: D1Database, { tenants, mode, from, to, rowsMax }: Span): Promise<TenantDay[] | null> {
  const { results } = await db.prepare(DAYS).bind(JSON.stringify(tenants), mode, from, to, rowsMax).all<TenantDay>();
  return results.length === rowsMax ? null : results;
}

// The names outside: each is a step down the index, and the limit ends the reading. Sums are made outside, since grouping reads twice.
const DAYS = `
  SELECT u.tenant AS tenant, u.local_day AS day, u.jobs, u.price_micros AS priceMicros, u.cost_micros AS costMicros
  FROM json_each(?1) AS asked CROSS JOIN usage_days AS u
  WHERE u.tenant = asked.value AND u.mode = ?2 AND u.local_day BETWEEN ?3 AND ?4 LIMIT ?5`;
