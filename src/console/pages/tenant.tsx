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
import { Badge, ProblemNotice, Time } from "../view/parts.tsx";
import { refused, statusOf } from "../view/refused.tsx";
import { settingsBody, SettingsForm, StatusForm, valuesOfTenant, type Tenant } from "./tenants/settings-form.tsx";

interface TenantProps {
  c: Context<ConsoleEnv>;
  of: Tenant;
  values?: Record<string, string>;
  problem?: Problem | null;
}

const OneTenant = ({ c, of, values, problem = null }: TenantProps) => {
  const form = { c, of, values: { ...valuesOfTenant(of), ...values }, problem };
  return (
    <Page
      c={c}
      title={of.name}
      lead={`Tenant ${of.id}`}
      actions={
        <a href={tenantPath(of.id, "overview")} role="button" class="quiet">
          Open it
        </a>
      }
    >
      <Done c={c} />
      {problem && <ProblemNotice problem={problem} />}
      <article>
        <dl class="facts">
          <dt>State</dt>
          <dd>
            <Badge tone={of.status === "active" ? "good" : "bad"}>{of.status}</Badge>
          </dd>
          <dt>Time zone</dt>
          <dd>{of.time_zone}</dd>
          <dt>Made</dt>
          <dd>
            <Time at={of.created_at} />
          </dd>
          <dt>Money</dt>
          <dd>
            <a href={tenantPath(of.id, "budgets")}>Budgets</a>,{" "}
            <a href={tenantPath(of.id, "billing")}>credit and prices</a>
          </dd>
          <dt>People</dt>
          <dd>
            <a href={tenantPath(of.id, "members")}>Invite its owner</a>
          </dd>
        </dl>
      </article>
      <article>
        <h2>Settings</h2>
        <SettingsForm {...form} />
      </article>
      <article>
        <h2>Stop it</h2>
        <StatusForm {...form} />
      </article>
    </Page>
  );
};

export const tenantPage = (app: ConsoleApp): void => {
  app.get("/console/tenants/:id", async (c) => {
    if (!isOperator(c)) return noSuchPage(c);
    const found = await callApi<Tenant>(c, "GET", tenantApi(c.req.param("id")));
    return found.ok ? c.html(<OneTenant c={c} of={found.value} />) : refused(c, "Tenant", found);
  });

  app.post("/console/tenants/:id", async (c) => {
    const { id } = c.req.param();
    const values = await formValues(c);
    const { do: does = "", reason } = values;
    const body = does === "settings" ? settingsBody(values) : { status: does, ...withoutEmpty({ reason }) };
    const changed = await callApi<Tenant>(c, "PATCH", tenantApi(id), { body });
    if (changed.ok) return c.redirect(doneAt(`/console/tenants/${id}`, "saved"), 303);
    const found = await callApi<Tenant>(c, "GET", tenantApi(id));
    if (!found.ok || !isOperator(c)) return refused(c, "Tenant", found.ok ? changed : found);
    return c.html(
      <OneTenant c={c} of={found.value} values={values} problem={changed.problem} />,
      statusOf(changed.status),
    );
  });
};
