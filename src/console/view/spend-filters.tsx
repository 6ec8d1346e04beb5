import type { Problem } from "../api.ts";
import { Field } from "./form.tsx";

const MODES = [
  { value: "live", label: "Live" },
  { value: "test", label: "Sandbox" },
];

interface SpendFiltersProps {
  path: string;
  asked: { mode: string; from: string; to: string };
  by?: string;
  /** What the chart can be cut by; none: there is one cut. */
  charts?: readonly { value: string; label: string }[];
  problem: Problem | null;
}

/** What an overview is of, as its address says. */
export const SpendFilters = ({ path, asked, by, charts, problem }: SpendFiltersProps) => (
  <form method="get" action={path} class="filters">
    <Field name="mode" label="Mode" value={asked.mode} options={MODES} problem={problem} />
    {charts && <Field name="by" label="Chart by" value={by ?? ""} options={charts} />}
    <Field name="from" type="date" label="Chart from" value={asked.from} problem={problem} />
    <Field name="to" type="date" label="Chart to" value={asked.to} problem={problem} />
    <button class="quiet">Show</button>
  </form>
);
