import type { Context } from "hono";
import { callApi, type Problem } from "../api.ts";
import { tenantApi } from "../api-path.ts";
import type { ConsoleApp } from "../console-app.ts";
import type { ConsoleEnv } from "../console-env.ts";
import { formValues, withoutEmpty } from "../form-values.ts";
import { isOperator } from "../may.ts";
import { tenantPath } from "../navigation.ts";
import { Done, doneAt } from "../view/done.tsx";
import { noSuchPage } from "../view/no-such-page.tsx";
import { Page } from "../view/page.tsx";
import { Badge, Fact, ProblemNotice, Time } from "../view/parts.tsx";
import { refused, statusOf } from "../view/refused.tsx";
import type { Credit } from "./billing/credit.tsx";
import { Books, type Audited } from "./tenants/books.tsx";
import { CreditLimitForm } from "./tenants/credit-limit-form.tsx";
import { PricingForm, valuesOfPricing, type Pricing } from "./tenants/pricing-form.tsx";
import { settingsBody, SettingsForm, StatusForm, valuesOfTenant, type Tenant } from "./tenants/settings-form.tsx";

interface Shown {
  values?: Record<string, string>;
  problem?: Problem | null;
  /** Of the form that was refused: what was typed into another stays out of it. */
  form?: "settings" | "status" | "pricing" | "credit";
  audited?: Audited | null;
}

interface TenantProps extends Shown {
  c: Context<ConsoleEnv>;
  of: Tenant;
  pricing: Pricing;
  credit: Credit | null;
}

const OneTenant = ({ c, of, pricing, credit, values = {}, problem = null, form, audited = null }: TenantProps) => {
  const typed = (name: Shown["form"], there: Record<string, string>) => ({
    values: name === form ? { ...there, ...values } : there,
    problem: name === form ? problem : null,
  });
  return (
    <Page
      c={c}
      title={of.name}
      lead={`Tenant ${of.id}`}
      actions={
        <a href={tenantPath(of.id, "overview")} role="button" class="quiet">
          Open its pages
        </a>
      }
    >
      <Done c={c} />
      {problem && <ProblemNotice problem={problem} />}
      <article>
        <Facts of={of} />
      </article>
      <article>
        <h2>Settings</h2>
        <SettingsForm c={c} of={of} {...typed("settings", valuesOfTenant(of))} />
      </article>
      <div class="two">
        <article>
          <h2>What it pays</h2>
          <PricingForm c={c} tenant={of.id} {...typed("pricing", valuesOfPricing(pricing))} />
        </article>
        <article>
          <h2>Credit</h2>
          <CreditLimitForm c={c} tenant={of.id} credit={credit} {...typed("credit", {})} />
        </article>
      </div>
      <article id="books">
        <h2>Check the books</h2>
        <Books c={c} tenant={of.id} audited={audited} />
      </article>
      <article>
        <h2>Stop it</h2>
        <StatusForm c={c} of={of} {...typed("status", {})} />
      </article>
    </Page>
  );
};

const Facts = ({ of }: { of: Tenant }) => (
  <dl class="facts">
    <Fact label="State">
      <Badge tone={of.status === "active" ? "good" : "bad"}>{of.status}</Badge>
    </Fact>
    <Fact label="Time zone">{of.time_zone}</Fact>
    <Fact label="Made">
      <Time at={of.created_at} />
    </Fact>
    <Fact label="Budgets">
      <a href={tenantPath(of.id, "budgets")}>What it may spend</a>
    </Fact>
    <Fact label="People">
      <a href={tenantPath(of.id, "members")}>Invite its owner</a>
    </Fact>
  </dl>
);

/** The tenant as operators see it; `wrong`: what it was asked to do and refused. */
export async function showTenant(c: Context<ConsoleEnv>, shown: Shown = {}, status = 200): Promise<Response> {
  if (!isOperator(c)) return noSuchPage(c);
  const id = c.req.param("id") ?? "";
  const [found, pricing, credit] = await Promise.all([
    callApi<Tenant>(c, "GET", tenantApi(id)),
    callApi<Pricing>(c, "GET", tenantApi(id, "pricing")),
    callApi<Credit>(c, "GET", tenantApi(id, "credit")),
  ]);
  if (!found.ok) return refused(c, "Tenant", found);
  if (!pricing.ok) return refused(c, "Tenant", pricing);
  const page = { c, of: found.value, pricing: pricing.value, credit: credit.ok ? credit.value : null, ...shown };
  return status === 200 ? c.html(<OneTenant {...page} />) : c.html(<OneTenant {...page} />, statusOf(status));
}

export const tenantPage = (app: ConsoleApp): void => {
  app.get("/console/tenants/:id", async (c) => {
    const audit = c.req.query("audit");
    if (audit === undefined || !isOperator(c)) return showTenant(c);
    const audited = await callApi<Audited>(c, "GET", tenantApi(c.req.param("id"), "audits", audit));
    return audited.ok ? showTenant(c, { audited: audited.value }) : refused(c, "Tenant", audited);
  });

  app.post("/console/tenants/:id", async (c) => {
    const { id } = c.req.param();
    const values = await formValues(c);
    const { do: does = "", reason } = values;
    const body = does === "settings" ? settingsBody(values) : { status: does, ...withoutEmpty({ reason }) };
    const changed = await callApi<Tenant>(c, "PATCH", tenantApi(id), { body });
    if (changed.ok) return c.redirect(doneAt(`/console/tenants/${id}`, "saved"), 303);
    if (!isOperator(c)) return refused(c, "Tenant", changed);
    const form = does === "settings" ? "settings" : "status";
    return showTenant(c, { values, form, problem: changed.problem }, changed.status);
  });
};
