import type { Context } from "hono";
import { callApi, type Problem } from "../api.ts";
import { listQuery, tenantApi, type List } from "../api-path.ts";
import type { ConsoleApp } from "../console-app.ts";
import type { ConsoleEnv } from "../console-env.ts";
import { formValues, withoutEmpty } from "../form-values.ts";
import { isOperator } from "../may.ts";
import { noSuchPage } from "../view/no-such-page.tsx";
import { tenantPath } from "../navigation.ts";
import { showMoney } from "../show-money.ts";
import { doneAt } from "../view/done.tsx";
import { Field, Form } from "../view/form.tsx";
import { Page } from "../view/page.tsx";
import { Badge, Empty, Pager, ProblemNotice } from "../view/parts.tsx";
import { refused, statusOf } from "../view/refused.tsx";
import { Table } from "../view/table.tsx";
import type { Tenant } from "./tenants/settings-form.tsx";

/** `balance`: how it stands this moment, as its ledger has it. */
interface Listed extends Pick<Tenant, "id" | "name" | "status" | "time_zone"> {
  balance?: { month: string; held: string; running_jobs: number; credit: { balance: string } | null };
}

interface TenantsProps {
  c: Context<ConsoleEnv>;
  list: List<Listed>;
  values?: Record<string, string>;
  problem?: Problem | null;
}

const Tenants = ({ c, list, values = {}, problem = null }: TenantsProps) => (
  <Page c={c} title="Tenants" lead="Live money, as each ledger has it this moment.">
    {problem && <ProblemNotice problem={problem} />}
    <article>
      {list.data.length === 0 ? (
        <Empty title="There is no tenant yet">
          <p>Make one below, then give it a budget.</p>
        </Empty>
      ) : (
        <Table heads={["Tenant", "State", "This month#", "Held#", "Running#", "Credit#", "Settings"]}>
          {list.data.map((tenant) => (
            <TenantRow of={tenant} />
          ))}
        </Table>
      )}
      <Pager url={new URL(c.req.url)} cursor={list.next_cursor} />
    </article>
    <article>
      <h2>Make a tenant</h2>
      <Form action="/console/tenants" csrf={c.get("session").csrf}>
        {/* Pressed twice, it is one tenant. */}
        <input type="hidden" name="once" value={values["once"] ?? crypto.randomUUID()} />
        <div class="fields">
          <Field name="name" label="Name" value={values["name"] ?? ""} required problem={problem} />
          <Field
            name="time_zone"
            label="Time zone"
            value={values["time_zone"] ?? ""}
            placeholder="Europe/Berlin"
            hint="Days and months begin by it. Empty: UTC. It stays."
            problem={problem}
          />
          <Field
            name="limit"
            label="First budget (USD a month)"
            value={values["limit"] ?? ""}
            hint="Empty: none yet, and nothing can be spent."
            problem={problem}
          />
        </div>
        <button>Make the tenant</button>
      </Form>
    </article>
  </Page>
);

const TenantRow = ({ of }: { of: Listed }) => (
  <tr>
    <th scope="row">
      <a href={tenantPath(of.id, "overview")}>{of.name}</a>
      <br />
      <code>{of.id}</code>
    </th>
    <td>{of.status === "active" ? <Badge tone="good">active</Badge> : <Badge tone="bad">suspended</Badge>}</td>
    <td class="num">{of.balance ? showMoney(of.balance.month) : "–"}</td>
    <td class="num">{of.balance ? showMoney(of.balance.held) : "–"}</td>
    <td class="num">{of.balance?.running_jobs ?? "–"}</td>
    <td class="num">{of.balance?.credit ? showMoney(of.balance.credit.balance) : "none"}</td>
    <td>
      <a href={`/console/tenants/${of.id}`} aria-label={`Settings of ${of.name}`}>
        Settings
      </a>
    </td>
  </tr>
);

const read = (c: Context<ConsoleEnv>, query: string) => callApi<List<Listed>>(c, "GET", `/v1/tenants${query}`);

async function again(
  c: Context<ConsoleEnv>,
  wrong: { status: number; problem: Problem },
  values: Record<string, string>,
) {
  const list = await read(c, "?limit=25");
  if (!list.ok) return refused(c, "Tenants", list);
  return c.html(<Tenants c={c} list={list.value} values={values} problem={wrong.problem} />, statusOf(wrong.status));
}

/** List and making. One tenant's settings are `tenant.tsx`. */
export const tenantsPage = (app: ConsoleApp): void => {
  app.get("/console/tenants", async (c) => {
    if (!isOperator(c)) return noSuchPage(c);
    const list = await read(c, listQuery(c, { limit: "25", include: "balance" }));
    return list.ok ? c.html(<Tenants c={c} list={list.value} />) : refused(c, "Tenants", list);
  });

  app.post("/console/tenants", async (c) => {
    const values = await formValues(c);
    const { name = "", time_zone, limit = "", once = "" } = values;
    const made = await callApi<Tenant>(c, "POST", "/v1/tenants", {
      body: { name, ...withoutEmpty({ time_zone }) },
      headers: { "idempotency-key": once || crypto.randomUUID() },
    });
    if (!made.ok) return again(c, made, values);
    const { id } = made.value;
    if (limit === "") return c.redirect(doneAt(`/console/tenants/${id}`, "saved"), 303);
    const body = { scope: { tenant: true }, limit, window: "month" };
    const put = await callApi(c, "PUT", tenantApi(id, "budgets", "month"), { body });
    // The same form again makes no second tenant: its `once` is answered with this one.
    return put.ok ? c.redirect(doneAt(tenantPath(id, "budgets"), "saved"), 303) : again(c, put, values);
  });
};
