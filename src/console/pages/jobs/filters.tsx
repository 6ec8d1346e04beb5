import type { Problem } from "../../api.ts";
import { Field } from "../../view/form.tsx";
import type { Choices } from "./choices.ts";
import type { Asked } from "./jobs-query.ts";

const STATUSES = [
  { value: "running", label: "Running" },
  { value: "ended", label: "Ended" },
  { value: "completed", label: "Completed" },
  { value: "failed", label: "Failed" },
  { value: "cancelled", label: "Cancelled" },
  { value: "expired", label: "Expired" },
  { value: "unknown", label: "Unclear" },
  { value: "needs_operator", label: "Needs an operator" },
];

const MODES = [
  { value: "live", label: "Live" },
  { value: "test", label: "Sandbox" },
];

interface FiltersProps {
  path: string;
  asked: Asked;
  choices: Choices;
  problem: Problem | null;
  /** Whose days are meant; null: not known. */
  zone: string | null;
  /** Whether tasks at WaveSpeed may be looked for. */
  isTold: boolean;
}

/** A form that is sent by GET, so that a list with its filters has an address. */
export const Filters = ({ path, asked, choices, problem, zone, isTold }: FiltersProps) => {
  const models = choices.models.map((id) => ({ value: id, label: id }));
  const teams = choices.teams.map((name) => ({ value: name, label: name }));
  const keys = [...choices.keyNames].map(([id, name]) => ({ value: id, label: name }));
  const of = zone === null ? "" : ` (${zone})`;
  return (
    <form method="get" action={path} class="filters many" aria-label="Filters">
      <Field name="q" type="search" label="Job id" value={asked.q} placeholder="13 digits or more" problem={problem} />
      {isTold && (
        <Field
          name="upstream_id"
          type="search"
          label="Id at WaveSpeed"
          value={asked.upstream_id}
          placeholder="All of it"
          problem={problem}
        />
      )}
      <Choice name="status" label="Status" asked={asked} options={STATUSES} problem={problem} />
      <Choice name="model" label="Model" asked={asked} options={models} problem={problem} />
      <Choice name="team" label="Team" asked={asked} options={teams} problem={problem} />
      <Choice name="key" label="Key" asked={asked} options={keys} problem={problem} />
      <Choice name="mode" label="Mode" asked={asked} options={MODES} problem={problem} />
      <Field name="from" type="date" label={`From${of}`} value={asked.from} problem={problem} />
      <Field name="to" type="date" label={`To${of}`} value={asked.to} problem={problem} />
      <button class="quiet">Filter</button>
    </form>
  );
};

interface ChoiceProps {
  name: keyof Asked;
  label: string;
  asked: Asked;
  options: readonly { value: string; label: string }[];
  problem: Problem | null;
}

/** What was asked for is among the options even where the tenant has it no more. */
const Choice = ({ name, label, asked, options, problem }: ChoiceProps) => {
  const value = asked[name];
  const gone = value !== "" && !options.some((option) => option.value === value) ? [{ value, label: value }] : [];
  const all = [{ value: "", label: "Any" }, ...options, ...gone];
  return <Field name={name} label={label} value={value} options={all} problem={problem} />;
};
