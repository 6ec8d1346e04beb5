import type { Context } from "hono";
import { callApi, type Problem } from "../api.ts";
import { tenantApi } from "../api-path.ts";
import type { ConsoleApp } from "../console-app.ts";
import type { ConsoleEnv } from "../console-env.ts";
import { formValues } from "../form-values.ts";
import { tenantPath } from "../navigation.ts";
import { Done, doneAt } from "../view/done.tsx";
import { Page } from "../view/page.tsx";
import { Fact, ProblemNotice, Time } from "../view/parts.tsx";
import { refused, statusOf } from "../view/refused.tsx";
import { EndpointActs, EndpointState } from "./webhooks/endpoint-parts.tsx";
import { valuesOfWebhook, webhookBody, WebhookForm, type Webhook } from "./webhooks/webhook-form.tsx";

interface EndpointProps {
  c: Context<ConsoleEnv>;
  tenant: string;
  of: Webhook;
  values?: Record<string, string>;
  problem?: Problem | null;
}

const Endpoint = ({ c, tenant, of, values = valuesOfWebhook(of), problem = null }: EndpointProps) => {
  const all = tenantPath(tenant, "webhooks");
  return (
    <Page c={c} title="Webhook endpoint" lead={of.url} actions={<EndpointActs c={c} tenant={tenant} of={of} />}>
      <Done c={c} />
      {problem && <ProblemNotice problem={problem} />}
      <article>
        <dl class="facts">
          <Fact label="State">
            <EndpointState of={of} />
          </Fact>
          <Fact label="Id">
            <code>{of.id}</code>
          </Fact>
          <Fact label="Made">
            <Time at={of.created_at} />
          </Fact>
          <Fact label="Deliveries">
            <a href={`${all}/deliveries?endpoint=${of.id}`}>What it was sent</a>
          </Fact>
        </dl>
      </article>
      <article>
        <h2>Change it</h2>
        <p class="muted">Deliveries that wait go to the new URL.</p>
        <WebhookForm c={c} action={`${all}/${of.id}`} values={values} problem={problem} does="Save" />
      </article>
      <p>
        <a href={all}>All endpoints</a>
      </p>
    </Page>
  );
};

/** One endpoint: what it is sent, and changing it. */
export const endpointPage = (app: ConsoleApp): void => {
  app.get("/console/t/:tenant/webhooks/:endpoint", async (c) => {
    const { tenant, endpoint } = c.req.param();
    const found = await callApi<Webhook>(c, "GET", tenantApi(tenant, "webhooks", endpoint));
    // An id that can be none is no page, like one that is nobody's.
    if (!found.ok) return refused(c, "Webhook endpoint", found.status === 400 ? { ...found, status: 404 } : found);
    return c.html(<Endpoint c={c} tenant={tenant} of={found.value} />);
  });

  app.post("/console/t/:tenant/webhooks/:endpoint", async (c) => {
    const { tenant, endpoint } = c.req.param();
    const values = await formValues(c);
    const at = tenantApi(tenant, "webhooks", endpoint);
    const changed = await callApi(c, "PATCH", at, { body: webhookBody(values) });
    if (changed.ok) return c.redirect(doneAt(`${tenantPath(tenant, "webhooks")}/${endpoint}`, "saved"), 303);
    const found = await callApi<Webhook>(c, "GET", at);
    if (!found.ok) return refused(c, "Webhook endpoint", found);
    const page = { c, tenant, of: found.value, values, problem: changed.problem };
    return c.html(<Endpoint {...page} />, statusOf(changed.status));
  });
};
