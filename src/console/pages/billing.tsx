import type { Context } from "hono";
import type { z } from "zod";
import type { StatementSummarySchema } from "../../management/statement-shape.ts";
import { callApi, fetchApi, type Problem } from "../api.ts";
import type { ConsoleApp } from "../console-app.ts";
import type { ConsoleEnv } from "../console-env.ts";
import { formValues, withoutEmpty } from "../form-values.ts";
import { tenantPath } from "../navigation.ts";
import { passFile } from "../pass-file.ts";
import { Done, doneAt } from "../view/done.tsx";
import { Page } from "../view/page.tsx";
import { Badge, Empty, Pager, ProblemNotice } from "../view/parts.tsx";
import { refused, statusOf } from "../view/refused.tsx";
import { CreditCard, CreditForms, type Credit } from "./billing/credit.tsx";
import { ExportForm } from "./billing/export-form.tsx";

type Summary = z.infer<typeof StatementSummarySchema>;
type Months = { data: Summary[]; next_cursor: string | null };

interface BillingProps {
  c: Context<ConsoleEnv>;
  tenant: string;
  months: Months;
  credit: Credit | null;
  /** Which form was refused, and why. */
  asked?: string;
  problem?: Problem | null;
}

const Billing = ({ c, tenant, months, credit, asked = "", problem = null }: BillingProps) => {
  const path = tenantPath(tenant, "billing");
  return (
    <Page c={c} title="Billing" lead="What was charged, month by month.">
      <Done c={c} />
      {problem && <ProblemNotice problem={problem} />}
      <CreditCard credit={credit} />
      {c.get("session").person.operator && <CreditForms c={c} path={path} problem={problem} asked={asked} />}
      <article>
        <h2>Statements</h2>
        {months.data.length === 0 ? (
          <Empty title="Nothing was charged yet">
            <p>The first job that is charged begins the first statement.</p>
          </Empty>
        ) : (
          <Statements path={path} months={months.data} />
        )}
        <Pager url={new URL(c.req.url)} cursor={months.next_cursor} />
      </article>
      <ExportForm path={path} />
    </Page>
  );
};

const Statements = ({ path, months }: { path: string; months: readonly Summary[] }) => (
  <div class="scroll" tabindex={0}>
    <table>
      <thead>
        <tr>
          <th scope="col">Month</th>
          <th scope="col">State</th>
          <th scope="col">Files</th>
        </tr>
      </thead>
      <tbody>
        {months.map(({ month, closed }) => (
          <tr>
            <th scope="row">
              <a href={`${path}/${month}`}>{month}</a>
            </th>
            <td>
              <Badge tone={closed ? "good" : "warn"}>{closed ? "Closed" : "Open"}</Badge>
            </td>
            <td>
              <a href={`${path}/${month}.csv`}>CSV</a> <a href={`${path}/${month}.json`}>JSON</a>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

export const billingPage = (app: ConsoleApp): void => {
  app.get("/console/t/:tenant/billing", (c) => show(c, c.req.param("tenant")));

  app.get("/console/t/:tenant/billing/export", async (c) => {
    const { tenant } = c.req.param();
    const { from = "", to = "", format = "csv" } = c.req.query();
    const query = new URLSearchParams({ from, to, format });
    const response = await fetchApi(c, "GET", `/v1/tenants/${tenant}/export?${query}`);
    if (response.ok) return passFile(response, fileName(tenant, from, to, format));
    const { detail = "This did not work." } = (await response.json().catch(() => ({}))) as { detail?: string };
    return show(
      c,
      tenant,
      { asked: "export", problem: { code: "", detail, errors: [], details: {} } },
      response.status,
    );
  });

  for (const [form, call] of [
    ["top-up", "top-ups"],
    ["adjust", "adjustments"],
  ] as const) {
    app.post(`/console/t/:tenant/billing/${form}`, async (c) => {
      const { tenant } = c.req.param();
      const { amount = "", reason, once = crypto.randomUUID() } = await formValues(c);
      const answer = await callApi(c, "POST", `/v1/tenants/${tenant}/credit/${call}`, {
        body: { amount, ...withoutEmpty({ reason }) },
        headers: { "idempotency-key": once },
      });
      if (answer.ok) return c.redirect(doneAt(tenantPath(tenant, "billing"), "saved"), 303);
      return show(c, tenant, { asked: form, problem: answer.problem }, answer.status);
    });
  }
};

/** What is in an address is no file's name until it looks like one. */
const fileName = (...parts: string[]): string => {
  const [tenant = "", from = "", to = "", format = ""] = parts.map((part) => part.replaceAll(/[^0-9A-Za-z-]/g, ""));
  return `jobs-${tenant}-${from}-${to}.${format}`;
};

async function show(
  c: Context<ConsoleEnv>,
  tenant: string,
  wrong: { asked: string; problem: Problem } | null = null,
  status = 200,
) {
  const cursor = c.req.query("cursor");
  const query = new URLSearchParams(withoutEmpty({ cursor }));
  const [months, credit] = await Promise.all([
    callApi<Months>(c, "GET", `/v1/tenants/${tenant}/statements?${query}`),
    callApi<Credit>(c, "GET", `/v1/tenants/${tenant}/credit`),
  ]);
  if (!months.ok) return refused(c, "Billing", months);
  const shared = { c, tenant, months: months.value, credit: credit.ok ? credit.value : null };
  return c.html(<Billing {...shared} {...wrong} />, wrong ? statusOf(status) : 200);
}
