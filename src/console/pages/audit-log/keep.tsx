import type { Context } from "hono";
import type { Problem } from "../../api.ts";
import type { ConsoleEnv } from "../../console-env.ts";
import { Field, Form } from "../../view/form.tsx";
import type { Chain } from "./chain.ts";

interface KeepProps {
  c: Context<ConsoleEnv>;
  chain: Chain;
  /** In force; null: for ever. */
  days: number | null;
  values: Record<string, string>;
  problem: Problem | null;
}

/** How long entries are kept, and for who may a form that says so. */
export const Keep = ({ c, chain, days, values, problem }: KeepProps) => (
  <article id="keep">
    <h2>How long it is kept</h2>
    <p>{days === null ? "Entries are kept for ever." : `Entries are deleted when they are ${days} days old.`}</p>
    {chain.mayKeep ? (
      <Form
        action={chain.path}
        csrf={c.get("session").csrf}
        confirm="Entries that are older are deleted for good. Save this?"
      >
        <input type="hidden" name="do" value="keep" />
        <div class="fields">
          <Field
            name="days"
            label="Days"
            value={values["days"] ?? (days === null ? "" : String(days))}
            hint="30 to 3650; empty: for ever. What is left still verifies."
            problem={problem}
          />
        </div>
        <button class="quiet">Save</button>
      </Form>
    ) : (
      <p class="muted">An owner may change it.</p>
    )}
  </article>
);

/** The form's days as the API has them: what is no number goes as it is, for the API to say so. */
export function daysOf(text: string): number | string | null {
  const trimmed = text.trim();
  if (trimmed === "") return null;
  return /^-?\d{1,9}$/.test(trimmed) ? Number(trimmed) : trimmed;
}
