import type { Context } from "hono";
import type { ConsoleEnv } from "../../console-env.ts";
import { isOperator, may } from "../../may.ts";
import { tenantPath } from "../../navigation.ts";
import { microsOf, showMoney } from "../../show-money.ts";
import { Form } from "../../view/form.tsx";
import { Meter } from "../../view/meter.tsx";
import { Badge, Fact, Time } from "../../view/parts.tsx";
import { isWhole, scopeText, type Scope } from "../scope-fields.tsx";
import type { Budget } from "./budget-form.tsx";

/** One budget: its meter, what holds it, when it resets. */
export const BudgetCard = ({ c, tenant, of }: { c: Context<ConsoleEnv>; tenant: string; of: Budget }) => (
  <article class="budget">
    <h2>
      {of.id} <span class="muted">of {scopeText(of.scope)}</span> {of.mode === "test" && <Badge>sandbox</Badge>}
    </h2>
    <UsedMeter of={of} />
    <dl class="facts">
      <Fact label="Limit">{showMoney(of.limit)}</Fact>
      <Fact label="Captured">{showMoney(of.captured)}</Fact>
      <Fact label="Held">
        {showMoney(of.held)}
        {of.held_jobs > 0 && (
          <>
            {" "}
            by <a href={heldJobs(tenant, of.scope)}>{of.held_jobs === 1 ? "1 job" : `${of.held_jobs} jobs`}</a>
          </>
        )}
      </Fact>
      <Fact label="Left">
        {showMoney(of.remaining)}{" "}
        {of.over_by !== undefined && <Badge tone="bad">over by {showMoney(of.over_by)}</Badge>}
      </Fact>
      <Fact label="Resets">
        {of.window_end === null ? (
          "never"
        ) : (
          <>
            <Time at={of.window_end} /> UTC
          </>
        )}
      </Fact>
      <Fact label="Tells at">
        {of.thresholds.length === 0
          ? "–"
          : of.thresholds.map(({ percent, reached }) => (
              <>
                <Badge tone={reached ? "warn" : "plain"}>
                  {reached ? `${percent} % reached` : `${percent} %`}
                </Badge>{" "}
              </>
            ))}
      </Fact>
    </dl>
    <Actions c={c} tenant={tenant} of={of} />
  </article>
);

const usedText = (of: Budget): string =>
  `${showMoney(of.captured)} captured and ${showMoney(of.held)} held of ${showMoney(of.limit)}`;

const UsedMeter = ({ of }: { of: Budget }) => (
  <Meter captured={microsOf(of.captured)} held={microsOf(of.held)} limit={microsOf(of.limit)} label={usedText(of)} />
);

/** The meter with its figures below, where nothing else tells them. */
export const BudgetMeter = ({ of }: { of: Budget }) => (
  <>
    <UsedMeter of={of} />
    <p class="muted">{usedText(of)}</p>
  </>
);

const Actions = ({ c, tenant, of }: { c: Context<ConsoleEnv>; tenant: string; of: Budget }) => {
  const path = tenantPath(tenant, "budgets");
  if (isWhole(of.scope) && !isOperator(c)) return <p class="muted">The operator's to change.</p>;
  if (!may(c, tenant, "manage")) return null;
  return (
    <div class="inline">
      <a href={`${path}/edit?id=${of.id}`} role="button" class="quiet small" aria-label={`Change budget ${of.id}`}>
        Change
      </a>
      <Form action={`${path}/delete`} csrf={c.get("session").csrf} confirm={`Delete budget ${of.id}?`} class="inline">
        <input type="hidden" name="id" value={of.id} />
        <button class="danger small" aria-label={`Delete budget ${of.id}`}>
          Delete
        </button>
      </Form>
    </div>
  );
};

/** The jobs that are running of this scope, as the list of jobs filters them: what it cannot filter by is left out. */
function heldJobs(tenant: string, scope: Scope): string {
  const query = new URLSearchParams({ status: "running" });
  if ("team" in scope) query.set("team", scope.team);
  if ("key" in scope) query.set("key", scope.key);
  if ("model" in scope) query.set("model", scope.model);
  return `${tenantPath(tenant, "jobs")}?${query}`;
}
