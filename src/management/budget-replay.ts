import { z } from "@hono/zod-openapi";
import type { Refusal } from "../errors/catalogue.ts";
import { ok, type Result } from "../errors/result.ts";
import type { ChangeInput, ChangeMeta } from "../ledger/changes.ts";
import { BUCKET_MS } from "../ledger/spend-store.ts";
import type { TenantLedgerApi } from "../ledger/types.ts";
import { windowAt } from "../ledger/windows.ts";
import { formatMicros } from "../money/index.ts";
import { jobsOfBudget, readLateJobs, replayBudget, type CountedJob, type ReplayedWindow } from "../reporting/index.ts";
import { AmountOut, InstantOut, toInstant, toInstantOrNull } from "./fields.ts";
import { tenantInfo } from "./known-tenant.ts";
import type { Services } from "./services.ts";

const REPLAY_MS = 7 * 86_400_000;

/** Refused jobs that are named, the newest first. */
const NAMED_MAX = 20;

const counts = {
  jobs: z.number().int(),
  price: AmountOut.openapi({ description: "Of all these jobs" }),
  refused: z.number().int(),
  refused_price: AmountOut,
};

const WindowSchema = z.object({ start: InstantOut.nullable(), end: InstantOut.nullable(), ...counts });
const RefusedSchema = z.object({ id: z.string(), model: z.string(), price: AmountOut, admitted_at: InstantOut });

export const ReplaySchema = z
  .object({
    from: InstantOut.openapi({ description: "All jobs of the budget from here on were replayed" }),
    cut: z.boolean().openapi({ description: "From later than 7 days ago: there were more jobs than one look takes" }),
    ...counts,
    windows: z.array(WindowSchema).openapi({ description: "Those with a job, oldest first" }),
    refused_jobs: z.array(RefusedSchema).openapi({ description: "Newest first, 20 at most" }),
  })
  .openapi("BudgetReplay", {
    description:
      "The budget's jobs of the last 7 days, admitted once more in their order under this limit. A refused job uses nothing, so " +
      "that a later one may fit; what runs of an earlier time counts as it stands now; other budgets do not count.",
  });

type Replay = z.infer<typeof ReplaySchema>;

interface Asked {
  tenant: string;
  ledger: TenantLedgerApi;
  input: ChangeInput<"put_budget">;
  meta: ChangeMeta;
}

/** What the budget would have refused of late, had it stood. Null: it cannot be told now. */
export async function replayOf(
  { report, now }: Pick<Services, "report" | "now">,
  { tenant, ledger, input, meta }: Asked,
): Promise<Result<Replay | null, Refusal>> {
  const at = now();
  const late = await readLateJobs(report, tenant, ledger);
  if (!late.ok) return ok(null);
  const since = quarter(at - REPLAY_MS, Math.floor);
  const { mode, scope } = input;
  const found = await jobsOfBudget(report, late.value, { tenant, mode, scope, since });
  const from = quarter(found.wholeFrom, Math.ceil);
  if (from > at) return ok(null);
  const used = await ledger.change("used_before", { ...input, before: from }, meta);
  if (!used.ok) return used;
  const timeZone = input.timeZone ?? (await tenantInfo(ledger)).timeZone;
  const windows = replayBudget(
    found.jobs.filter(({ admittedAt }) => admittedAt >= from),
    {
      limitMicros: input.limitMicros,
      windowOf: (instant) => windowAt(input.window, instant, timeZone),
      from,
      usedMicros: used.value,
    },
  );
  return ok(toReplay(windows, { from, cut: from > since }));
}

/** The ledger counts the past by quarters of an hour. */
const quarter = (at: number, round: (value: number) => number): number => round(at / BUCKET_MS) * BUCKET_MS;

function toReplay(windows: readonly ReplayedWindow[], { from, cut }: { from: number; cut: boolean }): Replay {
  const add = (of: (window: ReplayedWindow) => number) => windows.reduce((all, window) => all + of(window), 0);
  const refused = windows.flatMap((window) => window.refused);
  return {
    from: toInstant(from),
    cut,
    jobs: add(({ jobs }) => jobs),
    price: formatMicros(add(({ priceMicros }) => priceMicros)),
    refused: refused.length,
    refused_price: formatMicros(add(({ refusedMicros }) => refusedMicros)),
    windows: windows.map(toWindow),
    refused_jobs: refused.slice(-NAMED_MAX).toReversed().map(toRefused),
  };
}

const toWindow = ({ window, jobs, priceMicros, refused, refusedMicros }: ReplayedWindow) => ({
  start: toInstantOrNull(window.start),
  end: toInstantOrNull(window.end),
  jobs,
  price: formatMicros(priceMicros),
  refused: refused.length,
  refused_price: formatMicros(refusedMicros),
});

const toRefused = ({ id, model, priceMicros, admittedAt }: CountedJob) => ({
  id,
  model,
  price: formatMicros(priceMicros),
  admitted_at: toInstant(admittedAt),
});
