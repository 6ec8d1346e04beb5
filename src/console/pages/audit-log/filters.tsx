import type { Problem } from "../../api.ts";
import { Field } from "../../view/form.tsx";

/** What the address asks for; '' where it does not. */
export interface Asked {
  actor: string;
  action: string;
  from: string;
  to: string;
}

/** Days as the address has them, in UTC; what is no day goes to the API as it is, which says what is wrong with it. */
export const startOf = (day: string): string => (isDay(day) ? `${day}T00:00:00Z` : day);

/** The day after, since the last day is meant whole. */
export function endOf(day: string): string {
  if (!isDay(day)) return day;
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 19) + "Z";
}

const isDay = (text: string): boolean => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));

export const Filters = ({ path, asked, problem }: { path: string; asked: Asked; problem: Problem | null }) => (
  <form method="get" action={path} class="filters">
    <Field name="actor" label="Who" value={asked.actor} placeholder="person:9b1c22f04ad85e67" problem={problem} />
    <Field name="action" label="What" value={asked.action} placeholder="PATCH /tenants/{tenant}" problem={problem} />
    <Field name="from" label="From (UTC)" type="date" value={asked.from} problem={problem} />
    <Field name="to" label="To, that day with it" type="date" value={asked.to} problem={problem} />
    <div class="field">
      <button class="quiet">Show</button>
    </div>
  </form>
);
