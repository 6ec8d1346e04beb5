import type { Context } from "hono";
import { callApi, type Problem } from "../api.ts";
import { listQuery, tenantApi, type List } from "../api-path.ts";
import type { ConsoleApp } from "../console-app.ts";
import type { ConsoleEnv } from "../console-env.ts";
import { formValues } from "../form-values.ts";
import { tenantPath } from "../navigation.ts";
import { Act } from "../view/act.tsx";
import { Done, doneAt } from "../view/done.tsx";
import { Page } from "../view/page.tsx";
import { Badge, Empty, Pager, ProblemNotice, Time } from "../view/parts.tsx";
import { refused, statusOf } from "../view/refused.tsx";
import { Table } from "../view/table.tsx";
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
        <Table heads={["URL", "Events", "Of", "State", "Change"]}>
          {list.data.map((endpoint) => (
            <WebhookRow c={c} tenant={tenant} of={endpoint} />
          ))}
        </Table>
      )}
      <Pager url={new URL(c.req.url)} cursor={list.next_cursor} />
    </article>
    <WebhookForm c={c} tenant={tenant} values={values} problem={problem} />
  </Page>
);

const WebhookRow = ({ c, tenant, of }: { c: Context<ConsoleEnv>; tenant: string; of: Webhook }) => {
  const path = `${tenantPath(tenant, "webhooks")}/${of.id}`;
  return (
    <tr>
      <th scope="row">
        {of.url}
        {of.description && (
          <>
            <br />
            <span class="muted">{of.description}</span>
          </>
        )}
      </th>
      <td>{of.events.join(", ")}</td>
      <td>{of.mode === null ? "live, sandbox" : of.mode === "test" ? "sandbox" : "live"}</td>
      <td>
        {of.enabled ? <Badge tone="good">enabled</Badge> : <Badge tone="bad">disabled: {of.disabled_reason}</Badge>}
        {of.failing_since !== null && (
          <p class="muted">
            failing since <Time at={of.failing_since} />
          </p>
        )}
      </td>
      <td>
        <div class="inline">
          <Act c={c} action={`${path}/test`} does="Test" to={of.url} />
          <Act
            c={c}
            action={`${path}/enabled`}
            does={of.enabled ? "Disable" : "Enable"}
            to={of.url}
            values={{ enabled: of.enabled ? "" : "yes" }}
          />
          <Act c={c} action={`${path}/delete`} does="Delete" to={of.url} confirm={`Delete the endpoint ${of.url}?`} />
        </div>
      </td>
    </tr>
  );
};

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
