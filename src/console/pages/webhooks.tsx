import type { Context } from "hono";
import { callApi, type Problem } from "../api.ts";
import { listQuery, tenantApi, type List } from "../api-path.ts";
import type { ConsoleApp } from "../console-app.ts";
import type { ConsoleEnv } from "../console-env.ts";
import { numberOf } from "../form-lists.ts";
import { formValues } from "../form-values.ts";
import { tenantPath } from "../navigation.ts";
import { Done, doneAt } from "../view/done.tsx";
import { Page } from "../view/page.tsx";
import { Empty, Pager, ProblemNotice } from "../view/parts.tsx";
import { refused, statusOf } from "../view/refused.tsx";
import { Table } from "../view/table.tsx";
import { EndpointActs, EndpointState, jobsHeard } from "./webhooks/endpoint-parts.tsx";
import { SigningSecret } from "./webhooks/signing-secret.tsx";
import { webhookBody, WebhookForm, type Webhook } from "./webhooks/webhook-form.tsx";

interface WebhooksProps {
  c: Context<ConsoleEnv>;
  tenant: string;
  list: List<Webhook>;
  values?: Record<string, string> | null;
  problem?: Problem | null;
}

const Webhooks = ({ c, tenant, list, values = null, problem = null }: WebhooksProps) => (
  <Page
    c={c}
    title="Webhooks"
    lead="Servers that are told how jobs end."
    actions={
      <a href={`${tenantPath(tenant, "webhooks")}/deliveries`} role="button" class="quiet">
        Deliveries
      </a>
    }
  >
    <Done c={c} />
    {problem && <ProblemNotice problem={problem} />}
    <article>
      {list.data.length === 0 ? (
        <Empty title="There is no endpoint yet">
          <p>Make one below. A submit may also name its own, with ?webhook=.</p>
        </Empty>
      ) : (
        <Table heads={["URL", "Events", "Jobs", "State", "Change"]}>
          {list.data.map((endpoint) => (
            <WebhookRow c={c} tenant={tenant} of={endpoint} />
          ))}
        </Table>
      )}
      <Pager url={new URL(c.req.url)} cursor={list.next_cursor} />
    </article>
    <article>
      <h2>Make an endpoint</h2>
      <WebhookForm
        c={c}
        action={tenantPath(tenant, "webhooks")}
        values={values}
        problem={problem}
        does="Make the endpoint"
      />
    </article>
    <SigningSecret c={c} tenant={tenant} problem={problem} />
  </Page>
);

const WebhookRow = ({ c, tenant, of }: { c: Context<ConsoleEnv>; tenant: string; of: Webhook }) => (
  <tr>
    <th scope="row" class="wraps">
      <a href={`${tenantPath(tenant, "webhooks")}/${of.id}`}>{of.url}</a>
      {of.description && <small class="muted line">{of.description}</small>}
    </th>
    <td>{of.events.map((event) => event.replace("job.", "")).join(", ")}</td>
    <td>{jobsHeard(of)}</td>
    <td>
      <EndpointState of={of} />
    </td>
    <td>
      <EndpointActs c={c} tenant={tenant} of={of} />
    </td>
  </tr>
);

/** The page after a change that was refused. */
async function again(
  c: Context<ConsoleEnv>,
  { status, problem }: { status: number; problem: Problem },
  values: Record<string, string> | null = null,
): Promise<Response> {
  const { tenant = "" } = c.req.param();
  const found = await callApi<List<Webhook>>(c, "GET", tenantApi(tenant, "webhooks"));
  if (!found.ok) return refused(c, "Webhooks", found);
  const page = { c, tenant, list: found.value, values, problem };
  return c.html(<Webhooks {...page} />, statusOf(status));
}

export const webhooksPage = (app: ConsoleApp): void => {
  app.get("/console/t/:tenant/webhooks", async (c) => {
    const { tenant } = c.req.param();
    const found = await callApi<List<Webhook>>(c, "GET", tenantApi(tenant, "webhooks") + listQuery(c));
    return found.ok ? c.html(<Webhooks c={c} tenant={tenant} list={found.value} />) : refused(c, "Webhooks", found);
  });

  app.post("/console/t/:tenant/webhooks", async (c) => {
    const { tenant } = c.req.param();
    const values = await formValues(c);
    const made = await callApi(c, "POST", tenantApi(tenant, "webhooks"), { body: webhookBody(values) });
    return made.ok ? c.redirect(doneAt(tenantPath(tenant, "webhooks"), "saved"), 303) : again(c, made, values);
  });

  app.post("/console/t/:tenant/webhooks/secret", async (c) => {
    const { tenant } = c.req.param();
    const body = { overlap_seconds: numberOf((await formValues(c))["overlap_seconds"]) };
    const path = `/v1/tenants/${encodeURIComponent(tenant)}/webhook-secret/rotate`;
    const rotated = await callApi(c, "POST", path, { body });
    return rotated.ok ? c.redirect(doneAt(tenantPath(tenant, "webhooks"), "secret"), 303) : again(c, rotated);
  });

  app.post("/console/t/:tenant/webhooks/:endpoint/enabled", async (c) => {
    const { tenant, endpoint } = c.req.param();
    const body = { enabled: (await formValues(c))["enabled"] === "yes" };
    const changed = await callApi(c, "PATCH", tenantApi(tenant, "webhooks", endpoint), { body });
    return changed.ok ? c.redirect(doneAt(tenantPath(tenant, "webhooks"), "saved"), 303) : again(c, changed);
  });

  app.post("/console/t/:tenant/webhooks/:endpoint/test", async (c) => {
    const { tenant, endpoint } = c.req.param();
    const sent = await callApi(c, "POST", tenantApi(tenant, "webhooks", endpoint, "test"));
    if (!sent.ok) return again(c, sent);
    return c.redirect(doneAt(`${tenantPath(tenant, "webhooks")}/deliveries`, "sent"), 303);
  });

  app.post("/console/t/:tenant/webhooks/:endpoint/delete", async (c) => {
    const { tenant, endpoint } = c.req.param();
    const deleted = await callApi(c, "DELETE", tenantApi(tenant, "webhooks", endpoint));
    return deleted.ok ? c.redirect(doneAt(tenantPath(tenant, "webhooks"), "deleted"), 303) : again(c, deleted);
  });
};
