import type { Context } from "hono";
import type { z } from "zod";
import type { CreditSchema } from "../../../management/credit-shape.ts";
import type { Problem } from "../../api.ts";
import type { ConsoleEnv } from "../../console-env.ts";
import { showMoney } from "../../show-money.ts";
import { Field, Form } from "../../view/form.tsx";
import { Stat } from "../../view/parts.tsx";

export type Credit = z.infer<typeof CreditSchema>;

/** What the tenant's account stands at; null: it has none, and its budgets alone bind it. */
export const CreditCard = ({ credit }: { credit: Credit | null }) => (
  <section aria-labelledby="credit">
    <h2 id="credit">Credit</h2>
    {credit === null ? (
      <p class="muted">This tenant has no credit: its budgets say what it may spend. A first top-up makes one.</p>
    ) : (
      <dl class="grid-stats">
        <Stat label="Balance" value={showMoney(credit.balance)} note={limitOf(credit)} />
        <Stat
          label="Held"
          value={showMoney(credit.held)}
          note={credit.held_jobs === 1 ? "by 1 job" : `by ${credit.held_jobs} jobs`}
        />
        <Stat label="Available" value={showMoney(credit.available)} />
      </dl>
    )}
  </section>
);

const limitOf = ({ limit }: Credit): string =>
  /^0+\.0+$/.test(limit) ? "prepaid" : `postpaid: down to -${showMoney(limit)}`;

/** For operators: money in, and corrections. Pressed twice, each is done once. */
export const CreditForms = (props: {
  c: Context<ConsoleEnv>;
  path: string;
  problem: Problem | null;
  asked: string;
}) => {
  const { c, path, problem, asked } = props;
  const { csrf } = c.get("session");
  const of = (form: string) => (asked === form ? problem : null);
  return (
    <div class="two no-print">
      <article>
        <h3>Top up</h3>
        <Form action={`${path}/top-up`} csrf={csrf}>
          <input type="hidden" name="once" value={crypto.randomUUID()} />
          <Field name="amount" label="Amount in USD" required placeholder="200.00" problem={of("top-up")} />
          <Field name="reason" label="Reason" placeholder="invoice 117" problem={of("top-up")} />
          <button>Top up</button>
        </Form>
      </article>
      <article>
        <h3>Adjust</h3>
        <Form action={`${path}/adjust`} csrf={csrf} confirm="Change the balance by this amount?">
          <input type="hidden" name="once" value={crypto.randomUUID()} />
          <Field name="amount" label="Amount in USD" required hint="A minus sign takes away." problem={of("adjust")} />
          <Field name="reason" label="Reason" required problem={of("adjust")} />
          <button class="quiet">Adjust</button>
        </Form>
      </article>
    </div>
  );
};
