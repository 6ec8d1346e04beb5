import { createRoute, z } from "@hono/zod-openapi";
import { durationInputs, pricedSeconds, type ModelEntry } from "../catalog/index.ts";
import { offerRates } from "../ledger/offer-rates.ts";
import { priceJob } from "../ledger/price-job.ts";
import type { BudgetState, TenantInfo } from "../ledger/types.ts";
import { formatMicros } from "../money/index.ts";
import { admissibleRates, modelsOf, type Settings } from "../settings/index.ts";
import { manageAccess } from "./access.ts";
import { BudgetBody, BudgetParams, readBudget } from "./budget-body.ts";
import { replayOf, ReplaySchema } from "./budget-replay.ts";
import { BudgetSchema, toBudget } from "./budget-shape.ts";
import { AmountOut } from "./fields.ts";
import { tenantInfo } from "./known-tenant.ts";
import type { ManagementApp } from "./management-app.ts";
import { refuse } from "./problem.ts";
import { answers200, bodyOf } from "./responses.ts";
import { actorOf, isOperator } from "./services.ts";

/** Models that one preview prices. */
const MODELS_MAX = 200;

const FittingSchema = z
  .object({
    model: z.string(),
    seconds: z.number().int().openapi({ description: "Of the job that is priced; 0: a run is priced" }),
    price: AmountOut,
    jobs: z.number().int().openapi({ description: "0: the next such job would be refused" }),
  })
  .openapi("FittingJobs");

const PreviewSchema = BudgetSchema.extend({
  would_fit: z.array(FittingSchema).openapi({
    description:
      "How many jobs of each model the rest would cover, with the inputs' defaults; other budgets not counted",
  }),
  replay: ReplaySchema.nullable().openapi({
    description: "null: the jobs of late are not all told yet, or too many to look at: ask again",
  }),
}).openapi("BudgetPreview");

const route = createRoute({
  method: "post",
  path: "/tenants/{tenant}/budgets/{budget_id}/preview",
  summary: "Show what a budget would refuse before it is made or changed",
  description:
    "Changes nothing. Answers the budget as PUT with the same body would: counted from what its window has captured and " +
    "holds now, with `over_by` where the new limit lies below that, and nothing is then admitted until the window ends. " +
    "`replay` admits the jobs of the last 7 days once more under the new limit.",
  tags: ["budgets"],
  ...manageAccess,
  "x-audit": false,
  request: { params: BudgetParams, body: bodyOf(BudgetBody) },
  responses: answers200(PreviewSchema, "The budget as it would stand"),
});

export const previewBudget = (app: ManagementApp): void => {
  app.openapi(route, async (c) => {
    const services = c.get("services");
    const principal = c.get("principal");
    const asked = await readBudget(services, c.req.valid("param"), c.req.valid("json"));
    if (!asked.ok) return refuse(c, asked.error);
    const { ledger, input } = asked.value;
    const meta = { actor: actorOf(principal), within: !isOperator(principal) };
    const previewed = await ledger.change("preview_budget", input, meta);
    if (!previewed.ok) return refuse(c, previewed.error);
    const settings = await services.settings();
    if (!settings.ok) return refuse(c, settings.error);
    const info = await tenantInfo(ledger);
    const would_fit = boundModels(settings.value, previewed.value)
      .flatMap((model) => fitting(model, previewed.value, { settings: settings.value, info, now: services.now() }))
      .sort((a, b) => (a.model < b.model ? -1 : 1));
    const replay = await replayOf(services, { tenant: c.req.valid("param").tenant, ledger, input, meta });
    if (!replay.ok) return refuse(c, replay.error);
    return c.json({ ...toBudget(previewed.value), would_fit, replay: replay.value }, 200);
  });
};

/** The models whose jobs fall under the budget. */
const boundModels = (settings: Settings, { scope }: BudgetState): ModelEntry[] =>
  modelsOf(settings)
    .filter(({ id }) => scope.kind !== "model" || id === scope.model)
    .slice(0, MODELS_MAX);

interface Pricing {
  settings: Settings;
  info: TenantInfo;
  now: number;
}

/** Nothing of a model that cannot be run, or whose seconds only a job can tell. */
function fitting(model: ModelEntry, budget: BudgetState, { settings, info, now }: Pricing) {
  const seconds = usualSeconds(model);
  const rates = admissibleRates(settings, model, now);
  if (seconds === null || !rates.ok) return [];
  const [rate] = offerRates([rates.value.current], seconds);
  const priced = rate && priceJob({ model: model.id, seconds }, rate, info.pricing);
  if (!priced) return [];
  const left = Math.max(0, budget.limitMicros - budget.capturedMicros - budget.heldMicros);
  const jobs = Math.floor(left / priced.priceMicros);
  return [{ model: model.id, seconds, price: formatMicros(priced.priceMicros), jobs }];
}

/** What a job has that says nothing of its duration; else the shortest that is listed. */
function usualSeconds(model: ModelEntry): number | null {
  const priced = pricedSeconds(model, {});
  if (priced.ok) return priced.value;
  const listed = "schema" in model ? durationInputs(model.schema).map(({ seconds }) => seconds) : [];
  return listed.length > 0 ? Math.min(...listed) : null;
}
