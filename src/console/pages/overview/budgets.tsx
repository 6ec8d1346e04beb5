import { tenantPath } from "../../navigation.ts";
import { microsOf, showMoney } from "../../show-money.ts";
import { Meter } from "../../view/meter.tsx";
import { Badge, Empty, Time } from "../../view/parts.tsx";
import type { Overview } from "./overview-shape.ts";

type Budget = Overview["budgets"][number];

interface BudgetsProps {
  tenant: string;
  budgets: readonly Budget[];
  /** Names by id. */
  keyNames: ReadonlyMap<string, string>;
}

/** How much of each budget is used, until when, and where it is going. */
export const Budgets = ({ tenant, budgets, keyNames }: BudgetsProps) => (
  <article>
    <h2>Against budget</h2>
    {budgets.length === 0 ? (
      <Empty title="There is no budget here yet">
        <p>
          Live jobs need one, or credit: see <a href={tenantPath(tenant, "budgets")}>budgets</a>.
        </p>
      </Empty>
    ) : (
      budgets.map((budget) => <BudgetLine budget={budget} name={nameOf(budget, keyNames)} />)
    )}
  </article>
);

const BudgetLine = ({ budget, name }: { budget: Budget; name: string }) => {
  const { captured, held, limit, remaining, forecast, over_by, window, window_end } = budget;
  const isTight = forecast !== null && microsOf(forecast) > microsOf(limit);
  return (
    <div class="budget">
      <div class="line">
        <strong>
          {name} <span class="muted">{WINDOWS[window]}</span>
        </strong>
        <span>
          {over_by !== undefined && <Badge tone="bad">Over by {showMoney(over_by)}</Badge>}{" "}
          {isTight && <Badge tone="warn">Will be used up</Badge>} {showMoney(remaining)} left of {showMoney(limit)}
        </span>
      </div>
      <Meter
        captured={microsOf(captured)}
        held={microsOf(held)}
        limit={microsOf(limit)}
        label={`${name}: ${showMoney(captured)} captured and ${showMoney(held)} held of ${showMoney(limit)}`}
      />
      <div class="line muted">
        <small>
          {showMoney(captured)} captured, {showMoney(held)} held
          {forecast !== null && `, ${showMoney(forecast)} forecast`}
        </small>
        <small>
          {window_end === null ? (
            "Never resets"
          ) : (
            <>
              Resets <Time at={window_end} /> UTC
            </>
          )}
        </small>
      </div>
    </div>
  );
};

const WINDOWS = { total: "in all", day: "a day", week: "a week", month: "a month" };

function nameOf({ scope }: Budget, keyNames: ReadonlyMap<string, string>): string {
  if ("team" in scope) return `Team ${scope.team}`;
  if ("key" in scope) return `Key ${keyNames.get(scope.key) ?? scope.key}`;
  if ("model" in scope) return scope.model;
  if ("tag" in scope) return `Tag ${scope.tag.name}: ${scope.tag.value}`;
  return "Everything";
}
