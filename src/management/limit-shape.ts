import { z } from "@hono/zod-openapi";
import { RATE_MAX } from "../ledger/gcra.ts";
import type { Limit, LimitScope, LimitState } from "../ledger/types.ts";
import { KeyIdField, LabelField, ModeField } from "./fields.ts";

const COUNT_MAX = 1_000_000;

const SCOPE_RULE = 'must be one of {"tenant": true}, {"team": "..."}, {"key": "<key id>"}';

/** Whom a limit binds, as a request gives it. */
export const LimitScopeSchema = z
  .union(
    [
      z.strictObject({ tenant: z.literal(true) }),
      z.strictObject({ team: LabelField }),
      z.strictObject({ key: KeyIdField }),
    ],
    SCOPE_RULE,
  )
  .openapi("LimitScope");

type ScopeShape = z.infer<typeof LimitScopeSchema>;

const Rate = z.number().int().min(1).max(RATE_MAX).nullish();
const Count = z.number().int().min(0).max(COUNT_MAX).nullish();

const BURST_TEXT = "Submits that an idle caller may send at once; absent: as many as in a minute";
const ONE_OF = "must have at least one of requests_per_minute, concurrent_jobs and submits_per_day";

export const LimitBody = z
  .strictObject({
    scope: LimitScopeSchema,
    mode: ModeField.default("live"),
    requests_per_minute: Rate,
    burst: Rate.openapi({ description: BURST_TEXT }),
    concurrent_jobs: Count.openapi({ description: "Jobs admitted and not ended; 0: none is admitted" }),
    submits_per_day: Count.openapi({ description: "In the tenant's local day; 0: none is admitted" }),
  })
  .refine((body) => [body.requests_per_minute, body.concurrent_jobs, body.submits_per_day].some(given), ONE_OF)
  .refine((body) => !given(body.burst) || given(body.requests_per_minute), {
    path: ["burst"],
    error: "may be given only with requests_per_minute",
  });

const given = (value: number | null | undefined): boolean => value != null;

const CountOut = z.number().int().nullable();

/** A limit with what is counted against it. null: not limited in that way. */
export const LimitSchema = z
  .object({
    id: z.string(),
    mode: ModeField,
    scope: LimitScopeSchema,
    requests_per_minute: CountOut,
    burst: CountOut,
    concurrent_jobs: CountOut,
    submits_per_day: CountOut,
    running_jobs: z.number().int(),
    submits_today: z.number().int(),
  })
  .openapi("Limit");

/** As the ledger takes it. */
export const fromLimit = (id: string, body: z.infer<typeof LimitBody>): Limit => ({
  id,
  mode: body.mode,
  scope: fromScope(body.scope),
  requestsPerMinute: body.requests_per_minute ?? null,
  burst: body.burst ?? body.requests_per_minute ?? null,
  concurrentJobs: body.concurrent_jobs ?? null,
  submitsPerDay: body.submits_per_day ?? null,
});

export const toLimit = (limit: LimitState): z.infer<typeof LimitSchema> => ({
  id: limit.id,
  mode: limit.mode,
  scope: toScope(limit.scope),
  requests_per_minute: limit.requestsPerMinute,
  burst: limit.burst,
  concurrent_jobs: limit.concurrentJobs,
  submits_per_day: limit.submitsPerDay,
  running_jobs: limit.runningJobs,
  submits_today: limit.submitsToday,
});

function fromScope(scope: ScopeShape): LimitScope {
  if ("team" in scope) return { kind: "team", team: scope.team };
  if ("key" in scope) return { kind: "key", key: scope.key };
  return { kind: "tenant" };
}

function toScope(scope: LimitScope): ScopeShape {
  if (scope.kind === "team") return { team: scope.team };
  if (scope.kind === "key") return { key: scope.key };
  return { tenant: true };
}
