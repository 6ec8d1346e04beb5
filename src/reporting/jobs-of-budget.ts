import type { Mode } from "../ledger/journal-entry.ts";
import { scopeKey, scopesOf } from "../ledger/scope.ts";
import type { BudgetScope } from "../ledger/types.ts";
import type { JobNow, LateJobs } from "./late-jobs.ts";
import type { CountedJob } from "./replay-budget.ts";

/** Jobs of a tenant, the newest first, that one read looks through for those of a budget. */
export const BUDGET_JOBS_MAX = 2_000;

export interface BudgetJobsQuery {
  tenant: string;
  mode: Mode;
  scope: BudgetScope;
  /** Epoch ms. */
  since: number;
}

/** `wholeFrom`: from here on (epoch ms) the budget's jobs are all there, and no others. */
export interface BudgetJobs {
  jobs: CountedJob[];
  wholeFrom: number;
}

type Row = Pick<
  JobNow,
  "id" | "mode" | "model" | "keyId" | "team" | "admittedAt" | "priceMicros" | "heldMicros" | "refundedAt" | "tags"
>;

/**
 * The jobs that a budget counts, admitted since a time: looks through the tenant's newest 2,000, by the index on time. Jobs from
 * before D1 kept what was held for them, and that were not charged, are left out.
 */
export async function jobsOfBudget(
  db: D1Database,
  late: LateJobs,
  { tenant, mode, scope, since }: BudgetJobsQuery,
): Promise<BudgetJobs> {
  const { results } = await db
    .prepare(READ)
    .bind(tenant, Math.max(1, since), late.ids, BUDGET_JOBS_MAX)
    .all<Omit<Row, "tags"> & { tags: string; isLate: number }>();
  const oldest = results.length === BUDGET_JOBS_MAX ? results.at(-1) : undefined;
  // Others may have been admitted in the very millisecond at which the limit cut.
  const wholeFrom = oldest ? oldest.admittedAt + 1 : since;
  const stored = results
    .filter(({ isLate }) => !isLate)
    .map((row): Row => ({ ...row, tags: JSON.parse(row.tags) as Row["tags"] }));
  const wanted = scopeKey(scope);
  const jobs = [...stored, ...late.jobs]
    .filter((job) => job.mode === mode && job.admittedAt >= wholeFrom && scopesOf(job).includes(wanted))
    .flatMap(toCounted);
  return { jobs, wholeFrom };
}

function toCounted({ id, model, admittedAt, priceMicros, heldMicros, refundedAt }: Row): CountedJob[] {
  const price = heldMicros ?? priceMicros;
  return price === null ? [] : [{ id, model, admittedAt, priceMicros: price, givenBackAt: refundedAt }];
}

// What is late is told, not left out: the limit is on what is looked at.
const READ = `
  SELECT id, mode, model, key_id AS keyId, nullif(team, '') AS team, admitted_at AS admittedAt, price_micros AS priceMicros,
    held_micros AS heldMicros, refunded_at AS refundedAt, tags, id IN (SELECT value FROM json_each(?3)) AS isLate
  FROM jobs WHERE tenant = ?1 AND admitted_at >= ?2 ORDER BY admitted_at DESC, id DESC LIMIT ?4`;
