import type { Context } from "hono";
import type { z } from "@hono/zod-openapi";
import { callApi, type Problem } from "../api.ts";
import { listQuery, tenantApi, type List } from "../api-path.ts";
import type { ConsoleApp } from "../console-app.ts";
import type { ConsoleEnv } from "../console-env.ts";
import { withoutEmpty } from "../form-values.ts";
import type { DeliveryDetailSchema, DeliverySchema, WebhookSchema } from "../../management/webhook-shape.ts";
import { tenantPath } from "../navigation.ts";
import { Act } from "../view/act.tsx";
import { Done, doneAt } from "../view/done.tsx";
import { Field } from "../view/form.tsx";
import { Page } from "../view/page.tsx";
import { Badge, Empty, Fact, Pager, ProblemNotice, Time } from "../view/parts.tsx";
import { refused, statusOf } from "../view/refused.tsx";
import { Table } from "../view/table.tsx";

type Delivery = z.infer<typeof DeliverySchema>;
type Endpoint = Pick<z.infer<typeof WebhookSchema>, "id" | "url">;
type Detail = z.infer<typeof DeliveryDetailSchema>;

const STATES = ["", "pending", "delivered", "failed", "dropped"].map((value) => ({ value, label: value || "any" }));
const TONES = { pending: "warn", delivered: "good", failed: "bad", dropped: "plain" } as const;

const State = ({ of }: { of: Delivery }) => (
  <Badge tone={TONES[of.state]}>{of.reason === null ? of.state : `${of.state}: ${of.reason}`}</Badge>
);

interface ListProps {
  c: Context<ConsoleEnv>;
  tenant: string;
  list: List<Delivery>;
  endpoints: readonly Endpoint[];
  problem?: Problem | null;
}

const endpointOptions = (endpoints: readonly Endpoint[]) => [
  { value: "", label: "any" },
  ...endpoints.map(({ id, url }) => ({ value: id, label: url })),
];

const Deliveries = ({ c, tenant, list, endpoints, problem = null }: ListProps) => {
  const path = `${tenantPath(tenant, "webhooks")}/deliveries`;
  const asked = c.req.query();
  return (
    <Page c={c} title="Webhook deliveries" lead="Kept for 30 days, newest first.">
      <Done c={c} />
      <form method="get" action={path} class="filters">
        <Field name="state" label="State" value={asked["state"] ?? ""} options={STATES} />
        <Field name="job" label="Job" value={asked["job"] ?? ""} placeholder="any" problem={problem} />
        <Field name="endpoint" label="Endpoint" value={asked["endpoint"] ?? ""} options={endpointOptions(endpoints)} />
        <button class="quiet">Show</button>
      </form>
      <article>
        {list.data.length === 0 ? (
          <Empty title="There is no such delivery">
            <p>
              <a href={tenantPath(tenant, "webhooks")}>Test an endpoint</a> to see one.
            </p>
          </Empty>
        ) : (
          <Table heads={["Event", "Job", "To", "State", "Attempts#", "Made", "Again"]}>
            {list.data.map((delivery) => (
              <tr>
                <th scope="row">
                  <a href={`${path}/${delivery.id}`}>{delivery.event}</a>
                </th>
                <td>
                  {delivery.job === null ? (
                    <span class="muted">–</span>
                  ) : (
                    <a href={`${tenantPath(tenant, "jobs")}/${delivery.job}`} class="mono">
                      {delivery.job.slice(0, 12)}…
                    </a>
                  )}
                </td>
                <td>{delivery.url}</td>
                <td>
                  <State of={delivery} />
                </td>
                <td class="num">{delivery.attempts}</td>
                <td>
                  <Time at={delivery.created_at} />
                </td>
                <td>
                  <Replay c={c} path={path} of={delivery} />
                </td>
              </tr>
            ))}
          </Table>
        )}
        <Pager url={new URL(c.req.url)} cursor={list.next_cursor} />
      </article>
    </Page>
  );
};

const Replay = ({ c, path, of }: { c: Context<ConsoleEnv>; path: string; of: Delivery }) => (
  <Act c={c} action={`${path}/${of.id}/replay`} does="Replay" to={`${of.event} to ${of.url}`} />
);

interface DetailProps {
  c: Context<ConsoleEnv>;
  tenant: string;
  of: Detail;
  problem?: Problem | null;
}

const OneDelivery = ({ c, tenant, of, problem = null }: DetailProps) => {
  const path = `${tenantPath(tenant, "webhooks")}/deliveries`;
  return (
    <Page c={c} title={`Delivery of ${of.event}`} lead={of.url} actions={<Replay c={c} path={path} of={of} />}>
      <Done c={c} />
      {problem && <ProblemNotice problem={problem} />}
      <article>
        <dl class="facts">
          <Fact label="State">
            <State of={of} />
          </Fact>
          <Fact label="webhook-id">
            <code>{of.event_id}</code>
          </Fact>
          <Fact label="Made">
            <Time at={of.created_at} />
          </Fact>
          <Fact label="Next attempt">
            <Time at={of.next_attempt_at} />
          </Fact>
        </dl>
      </article>
      <article>
        <h2>Attempts</h2>
        {of.log.length === 0 ? (
          <Empty title="None yet" />
        ) : (
          <Table heads={["Attempt#", "At", "Status#", "Took#", "Answer"]}>
            {of.log.map(({ attempt, at, status, ms, error, reply }) => (
              <tr>
                <td class="num">{attempt}</td>
                <td>
                  <Time at={at} />
                </td>
                <td class="num">{status ?? "none"}</td>
                <td class="num">{ms} ms</td>
                <td>{error ?? reply}</td>
              </tr>
            ))}
          </Table>
        )}
      </article>
      <article>
        <h2>Body</h2>
        {of.body === null ? (
          <p class="muted">Gone with its job.</p>
        ) : (
          <pre class="scroll" tabindex={0}>
            <code>{of.body}</code>
          </pre>
        )}
      </article>
      <p>
        <a href={path}>All deliveries</a>
      </p>
    </Page>
  );
};

const NOTHING: List<Delivery> = { data: [], next_cursor: null };

export const deliveriesPage = (app: ConsoleApp): void => {
  app.get("/console/t/:tenant/webhooks/deliveries", async (c) => {
    const { tenant } = c.req.param();
    const { state, endpoint, job } = c.req.query();
    const query = listQuery(c, withoutEmpty({ state, endpoint, job }));
    const [found, endpoints] = await Promise.all([
      callApi<List<Delivery>>(c, "GET", tenantApi(tenant, "webhook-deliveries") + query),
      callApi<List<Endpoint>>(c, "GET", `${tenantApi(tenant, "webhooks")}?limit=100`),
    ]);
    if (!endpoints.ok) return refused(c, "Webhook deliveries", endpoints);
    if (!found.ok && found.status === 400) {
      const page = { c, tenant, list: NOTHING, endpoints: endpoints.value.data, problem: found.problem };
      return c.html(<Deliveries {...page} />, 400);
    }
    if (!found.ok) return refused(c, "Webhook deliveries", found);
    return c.html(<Deliveries c={c} tenant={tenant} list={found.value} endpoints={endpoints.value.data} />);
  });

  app.get("/console/t/:tenant/webhooks/deliveries/:delivery", async (c) => {
    const { tenant, delivery } = c.req.param();
    const found = await callApi<Detail>(c, "GET", tenantApi(tenant, "webhook-deliveries", delivery));
    if (!found.ok) return refused(c, "Delivery", found);
    return c.html(<OneDelivery c={c} tenant={tenant} of={found.value} />);
  });

  app.post("/console/t/:tenant/webhooks/deliveries/:delivery/replay", async (c) => {
    const { tenant, delivery } = c.req.param();
    const replayed = await callApi(c, "POST", tenantApi(tenant, "webhook-deliveries", delivery, "replay"));
    const path = `${tenantPath(tenant, "webhooks")}/deliveries/${delivery}`;
    if (replayed.ok) return c.redirect(doneAt(path, "sent"), 303);
    const found = await callApi<Detail>(c, "GET", tenantApi(tenant, "webhook-deliveries", delivery));
    if (!found.ok) return refused(c, "Delivery", found);
    const page = { c, tenant, of: found.value, problem: replayed.problem };
    return c.html(<OneDelivery {...page} />, statusOf(replayed.status));
  });
};
