import type { Child } from "hono/jsx";
import type { GatewayOverview, Overview } from "../pages/overview/overview-shape.ts";
import { showMoney } from "../show-money.ts";
import { showDuration, showResultTime } from "../show-time.ts";
import { Stat } from "./parts.tsx";

type Shared = Pick<Overview | GatewayOverview, "spend" | "month_forecast" | "outcomes">;
type Spend = Shared["spend"]["today"];

interface SpendStatsProps {
  overview: Shared;
  /** With the operators' margin. */
  isTold: boolean;
  now: { label: string; value: Child; held?: string; note?: string };
}

/** The numbers of an overview: of a tenant, or of the whole gateway. */
export const SpendStats = ({ overview, isTold, now }: SpendStatsProps) => {
  const { spend, month_forecast, outcomes } = overview;
  const { success_rate, completed, failed, mean_ms, p50_ms, p95_ms } = outcomes;
  const ahead = month_forecast === null ? "Too few days for a forecast" : `${showMoney(month_forecast)} forecast`;
  return (
    <dl class="grid-stats">
      <Stat label="Today" value={priceOf(spend.today)} note={jobsOf(spend.today)} />
      <Stat label="This month" value={priceOf(spend.month)} note={ahead} />
      <Stat label="Last month by this day" value={priceOf(spend.month_before)} note={jobsOf(spend.month_before)} />
      {isTold && (
        <Stat
          label="Margin this month"
          value={spend.month?.margin === undefined ? "–" : showMoney(spend.month.margin)}
          note={spend.month?.cost === undefined ? undefined : `${showMoney(spend.month.cost)} cost`}
        />
      )}
      <Stat
        label={now.label}
        value={now.value}
        note={now.held === undefined ? now.note : `${showMoney(now.held)} held`}
      />
      <Stat
        label="Success rate"
        value={success_rate === null ? "–" : `${(success_rate * 100).toFixed(1)} %`}
        note={`${completed} completed, ${failed} failed since ${outcomes.from}`}
      />
      <Stat
        label="Time to result"
        value={showResultTime(p50_ms)}
        note={
          p95_ms === null
            ? "Nothing completed yet"
            : `Half of them; 95 %: ${showResultTime(p95_ms)}; ${showDuration(mean_ms)} on average`
        }
      />
    </dl>
  );
};

const priceOf = (spend: Spend): string => (spend === null ? "–" : showMoney(spend.price));

const jobsOf = (spend: Spend): string =>
  spend === null ? "Too much to sum up here: see Billing" : spend.jobs === 1 ? "1 job" : `${spend.jobs} jobs`;
