import { z } from "@hono/zod-openapi";
import type { BudgetScope, BudgetState } from "../ledger/types.ts";
import { formatMicros } from "../money/index.ts";
import { AmountOut, InstantOut, KeyIdField, LabelField, ModeField, ModelField, toInstantOrNull } from "./fields.ts";

/** What a submit can carry in x-wavegate-tags, and so what can be counted. */
const TagSchema = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/, "must be 1 to 64 characters of A-Z, a-z, 0-9, _, . and -"),
  value: z
    .string()
    .regex(/^[A-Za-z0-9_.:/-]{1,128}$/, "must be 1 to 128 characters of A-Z, a-z, 0-9, _, ., :, / and -"),
});

const SCOPE_RULE =
  'must be one of {"tenant": true}, {"team": "..."}, {"key": "<key id>"}, {"model": "<model id>"}, ' +
  '{"tag": {"name": "...", "value": "..."}}';

/** What a budget limits, as a request gives it. */
export const ScopeSchema = z
  .union(
    [
      z.strictObject({ tenant: z.literal(true) }),
      z.strictObject({ team: LabelField }),
      z.strictObject({ key: KeyIdField }),
      z.strictObject({ model: ModelField }),
      z.strictObject({ tag: TagSchema }),
    ],
    SCOPE_RULE,
  )
  .openapi("Scope");

type ScopeShape = z.infer<typeof ScopeSchema>;

export function fromScope(scope: ScopeShape): BudgetScope {
  if ("team" in scope) return { kind: "team", team: scope.team };
  if ("key" in scope) return { kind: "key", key: scope.key };
  if ("model" in scope) return { kind: "model", model: scope.model };
  if ("tag" in scope) return { kind: "tag", ...scope.tag };
  return { kind: "tenant" };
}

export function toScope(scope: BudgetScope): ScopeShape {
  switch (scope.kind) {
    case "tenant":
      return { tenant: true };
    case "team":
      return { team: scope.team };
    case "key":
      return { key: scope.key };
    case "model":
      return { model: scope.model };
    case "tag":
      return { tag: { name: scope.name, value: scope.value } };
  }
}

/** A budget with what its current window has used. `over_by` only where the limit was lowered below that. */
export const BudgetSchema = z
  .object({
    id: z.string(),
    mode: ModeField,
    scope: ScopeSchema,
    window: z.enum(["total", "day", "week", "month"]),
    time_zone: z.string(),
    limit: AmountOut,
    captured: AmountOut,
    held: AmountOut,
    held_jobs: z.number().int(),
    remaining: AmountOut,
    thresholds: z
      .array(z.object({ percent: z.number().int(), reached: z.boolean() }))
      .openapi({ description: "Percents of the limit that raise an event once a window; reached: this one has" }),
    over_by: AmountOut.optional(),
    window_start: InstantOut.nullable(),
    window_end: InstantOut.nullable(),
  })
  .openapi("Budget");

/** `remaining` is never negative: what is over the limit is in `over_by`. */
export function toBudget(budget: BudgetState): z.infer<typeof BudgetSchema> {
  const left = budget.limitMicros - budget.capturedMicros - budget.heldMicros;
  return {
    id: budget.id,
    mode: budget.mode,
    scope: toScope(budget.scope),
    window: budget.window,
    time_zone: budget.timeZone,
    limit: formatMicros(budget.limitMicros),
    captured: formatMicros(budget.capturedMicros),
    held: formatMicros(budget.heldMicros),
    held_jobs: budget.heldJobs,
    remaining: formatMicros(Math.max(0, left)),
    thresholds: budget.thresholds.map((percent) => ({ percent, reached: budget.reached.includes(percent) })),
    ...(left < 0 && { over_by: formatMicros(-left) }),
    window_start: toInstantOrNull(budget.windowStart),
    window_end: toInstantOrNull(budget.windowEnd),
  };
}
