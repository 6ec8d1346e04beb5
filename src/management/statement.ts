import type { z } from "@hono/zod-openapi";
import type { Refusal } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import type { TenantLedgerApi } from "../ledger/types.ts";
import { formatMicros } from "../money/index.ts";
import {
  creditMovements,
  creditOfMonth,
  MOVEMENTS_MAX,
  usage,
  type CreditMovement,
  type CreditOfMonth,
  type UsageRow,
  type UsageSum,
} from "../reporting/index.ts";
import { toInstant } from "./fields.ts";
import { isComplete } from "./is-complete.ts";
import { monthOf } from "./month-of.ts";
import { invalidFields } from "./problem.ts";
import type { Services } from "./services.ts";
import type { StatementSchema } from "./statement-shape.ts";

type Statement = z.infer<typeof StatementSchema>;

/** Lines of a month: a bill is made whole, or not at all, so that it may read more than a page does. */
const STATEMENT_ROWS_MAX = 10_000;

/** The one thing that can be wrong with a month that there is. */
const TOO_LONG = `has ${STATEMENT_ROWS_MAX} lines or more (a day, team, key and model each): export its jobs instead`;

interface Asked {
  tenant: { id: string; timeZone: string };
  ledger: Pick<TenantLedgerApi, "entries">;
  month: string;
  /** Cost and margin, too. */
  isOperator: boolean;
}

/**
 * What a tenant was charged in a month of its calendar, by the day on which each job was captured: a day that is over gets no
 * captures any more, so a closed statement stays as it is, and what comes later is in a later one. Sandbox jobs are in none.
 */
export async function makeStatement(
  { report, now }: Pick<Services, "report" | "now">,
  { tenant, ledger, month, isOperator }: Asked,
): Promise<Result<{ statement: Statement; rows: UsageRow[] }, Refusal>> {
  const { firstDay: from, lastDay: to, start, end } = monthOf(month, tenant.timeZone);
  // Asked first: what is complete now is so in what is read after it.
  const closed = await isComplete(report, ledger, { tenant: tenant.id, until: end, now: now() });
  // Before the movements, so that all it has counted are among them.
  const credit = await creditOfMonth(report, tenant.id, month);
  const [used, moved] = await Promise.all([
    usage(report, { tenant: tenant.id, from, to, groupBy: ["day", "model", "team", "key"] }, STATEMENT_ROWS_MAX),
    creditMovements(report, { tenant: tenant.id, from, to }),
  ]);
  if (!used.ok) return err(invalidFields([{ field: "month", rule: TOO_LONG, value: month }]));
  const { rows, total } = used.value;
  const show = (sum: UsageSum) => toSums(sum, isOperator);
  const statement = {
    tenant: tenant.id,
    month,
    time_zone: tenant.timeZone,
    closed,
    from: toInstant(start),
    to: toInstant(end),
    counted_at: "capture" as const,
    by_model: lines(rows, ({ model }) => model ?? "").map(([model, sum]) => ({ model, ...show(sum) })),
    by_team: lines(rows, ({ team }) => team ?? "").map(([team, sum]) => ({ team: team || null, ...show(sum) })),
    by_key: lines(rows, ({ key }) => key ?? "").map(([key, sum]) => ({ key, ...show(sum) })),
    total: show(total),
    credit: credit && toCredit(credit, moved),
    credit_known: credit !== null,
    movements: toMovements(moved),
  };
  return ok({ statement, rows });
}

/** Sums by what `nameOf` says, the dearest first. */
function lines(rows: readonly UsageRow[], nameOf: (row: UsageRow) => string): [string, UsageSum][] {
  const sums = [...Map.groupBy(rows, nameOf)].map(([name, of]): [string, UsageSum] => [name, of.reduce(add, NONE)]);
  return sums.sort(([a, x], [b, y]) => y.priceMicros - x.priceMicros || (a < b ? -1 : 1));
}

const NONE: UsageSum = { jobs: 0, seconds: 0, costMicros: 0, priceMicros: 0 };

const add = (a: UsageSum, b: UsageSum): UsageSum => ({
  jobs: a.jobs + b.jobs,
  seconds: a.seconds + b.seconds,
  costMicros: a.costMicros + b.costMicros,
  priceMicros: a.priceMicros + b.priceMicros,
});

const toSums = ({ jobs, seconds, costMicros, priceMicros }: UsageSum, isOperator: boolean): Statement["total"] => ({
  jobs,
  seconds,
  price: formatMicros(priceMicros),
  ...(isOperator && { cost: formatMicros(costMicros), margin: formatMicros(priceMicros - costMicros) }),
});

/** Null: nothing was ever on it. `end`: as far as D1 is complete, if the month goes on; later movements wait, too. */
function toCredit({ before, end, seq }: CreditOfMonth, moved: readonly CreditMovement[]): Statement["credit"] {
  if (Object.values({ ...before, ...end }).every((micros) => micros === 0) && moved.length === 0) return null;
  const sumOf = (cause: CreditMovement["cause"]): string | null => {
    if (moved.length > MOVEMENTS_MAX) return null;
    const counted = moved.filter((movement) => movement.cause === cause && movement.seq <= seq);
    return formatMicros(counted.reduce((all, { amountMicros }) => all + amountMicros, 0));
  };
  return {
    opening: formatMicros(before.movedMicros - before.capturedMicros),
    top_ups: sumOf("top_up"),
    adjustments: sumOf("adjustment"),
    moved: formatMicros(end.movedMicros - before.movedMicros),
    captured: formatMicros(end.capturedMicros - before.capturedMicros),
    closing: formatMicros(end.movedMicros - end.capturedMicros),
  };
}

function toMovements(moved: readonly CreditMovement[]): Statement["movements"] {
  const shown = moved.slice(0, MOVEMENTS_MAX);
  const data = shown.map(({ at, cause, amountMicros, balanceMicros, reason }) => ({
    at: toInstant(at),
    cause,
    amount: formatMicros(amountMicros),
    balance: formatMicros(balanceMicros),
    reason,
  }));
  const sum = formatMicros(shown.reduce((all, { amountMicros }) => all + amountMicros, 0));
  return { sum, data, more: moved.length > MOVEMENTS_MAX };
}
