import type { Context } from "hono";
import type { Problem } from "../../api.ts";
import type { ConsoleEnv } from "../../console-env.ts";
import { tenantPath } from "../../navigation.ts";
import { showMoney } from "../../show-money.ts";
import { Field, Form } from "../../view/form.tsx";
import type { Credit } from "../billing/credit.tsx";

interface FormProps {
  c: Context<ConsoleEnv>;
  tenant: string;
  /** Null: it has none. */
  credit: Credit | null;
  values: Record<string, string>;
  problem: Problem | null;
}

/** How far below zero a tenant's balance may go, and taking the credit away. Money itself comes in on its page of billing. */
export const CreditLimitForm = ({ c, tenant, credit, values, problem }: FormProps) => {
  const path = `/console/tenants/${tenant}/credit`;
  const { csrf } = c.get("session");
  return (
    <>
      <p class="muted">
        {credit === null
          ? "It has no credit: its budgets alone bind it. "
          : `Its balance is ${showMoney(credit.balance)}, of which ${showMoney(credit.held)} is held. `}
        <a href={tenantPath(tenant, "billing")}>Top up or adjust</a>
      </p>
      <Form action={path} csrf={csrf}>
        <Field
          name="limit"
          label="It may go below zero by (USD)"
          value={values["limit"] ?? credit?.limit.replace(/(\.\d\d\d*?)0+$/, "$1") ?? ""}
          placeholder="0.00"
          required
          hint="0: prepaid. More: postpaid."
          problem={problem}
        />
        <button>{credit === null ? "Give credit" : "Save"}</button>
      </Form>
      {credit !== null && (
        <Form action={`${path}/delete`} csrf={csrf} class="after" confirm="Take the credit away?">
          <button class="danger small">Take the credit away</button>{" "}
          <small class="muted">Only at a balance of zero, with nothing held.</small>
        </Form>
      )}
    </>
  );
};
