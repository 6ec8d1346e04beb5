import type { Context } from "hono";
import type { z } from "@hono/zod-openapi";
import { callApi, type Problem } from "../api.ts";
import { listQuery, tenantApi, type List } from "../api-path.ts";
import type { ConsoleApp } from "../console-app.ts";
import type { ConsoleEnv } from "../console-env.ts";
import { formValues } from "../form-values.ts";
import { isOperator, may } from "../may.ts";
import type { LimitSchema } from "../../management/limit-shape.ts";
import { tenantPath } from "../navigation.ts";
import { refusalOf } from "../slug-problem.ts";
import { Done, doneAt } from "../view/done.tsx";
import { Form } from "../view/form.tsx";
import { Page } from "../view/page.tsx";
import { Badge, Empty, Pager, ProblemNotice } from "../view/parts.tsx";
import { refused, statusOf } from "../view/refused.tsx";
import { Table } from "../view/table.tsx";
import { limitBody, LimitFields, valuesOfLimit } from "./limits/limit-form.tsx";
import { isWhole, scopeText } from "./scope-fields.tsx";

type Limit = z.infer<typeof LimitSchema>;

interface ListProps {
  c: Context<ConsoleEnv>;
  tenant: string;
  list: List<Limit>;
  problem?: Problem | null;
}

const LimitList = ({ c, tenant, list, problem = null }: ListProps) => {
  const path = tenantPath(tenant, "limits");
  const make = may(c, tenant, "manage") && (
    <a href={`${path}/edit`} role="button">
      Make a limit
    </a>
  );
  return (
    <Page c={c} title="Limits" lead="How fast jobs may come, and how many run at once." actions={make}>
      <Done c={c} />
      {problem && <ProblemNotice problem={problem} />}
      <article>
        {list.data.length === 0 ? (
          <Empty title="There is no limit here">
            <p>Jobs are bound by budgets alone.</p>
          </Empty>
        ) : (
          <Table heads={["Limit", "Of", "Submits a minute#", "Jobs at once#", "Submits a day#", "Change"]}>
            {list.data.map((limit) => (
              <LimitRow c={c} tenant={tenant} of={limit} />
            ))}
          </Table>
        )}
        <Pager url={new URL(c.req.url)} cursor={list.next_cursor} />
      </article>
    </Page>
  );
};

const LimitRow = ({ c, tenant, of }: { c: Context<ConsoleEnv>; tenant: string; of: Limit }) => (
  <tr>
    <th scope="row">
      {of.id} {of.mode === "test" && <Badge>sandbox</Badge>}
    </th>
    <td>{scopeText(of.scope)}</td>
    <td class="num">
      {of.requests_per_minute ?? "–"}
      {of.burst !== null && of.burst !== of.requests_per_minute && `, ${of.burst} at once`}
    </td>
    <td class="num">
      {of.running_jobs} of {of.concurrent_jobs ?? "any"}
    </td>
    <td class="num">
      {of.submits_today} of {of.submits_per_day ?? "any"}
    </td>
    <td>
      <Actions c={c} tenant={tenant} of={of} />
    </td>
  </tr>
);

const Actions = ({ c, tenant, of }: { c: Context<ConsoleEnv>; tenant: string; of: Limit }) => {
  const path = tenantPath(tenant, "limits");
  if (isWhole(of.scope) && !isOperator(c)) return <span class="muted">The operator's</span>;
  if (!may(c, tenant, "manage")) return <span class="muted">–</span>;
  return (
    <div class="inline">
      <a href={`${path}/edit?id=${of.id}`} role="button" class="quiet small" aria-label={`Change limit ${of.id}`}>
        Change
      </a>
      <Form action={`${path}/delete`} csrf={c.get("session").csrf} confirm={`Delete limit ${of.id}?`} class="inline">
        <input type="hidden" name="id" value={of.id} />
        <button class="danger small" aria-label={`Delete limit ${of.id}`}>
          Delete
        </button>
      </Form>
    </div>
  );
};

interface EditProps {
  c: Context<ConsoleEnv>;
  tenant: string;
  values: Record<string, string>;
  isNew: boolean;
  problem?: Problem | null;
}

const EditLimit = ({ c, tenant, values, isNew, problem = null }: EditProps) => (
  <Page
    c={c}
    title={isNew ? "Make a limit" : `Change limit ${values["id"] ?? ""}`}
    lead="What is left empty is not limited."
  >
    {problem && <ProblemNotice problem={problem} />}
    <article>
      <Form action={`${tenantPath(tenant, "limits")}/edit`} csrf={c.get("session").csrf}>
        <LimitFields c={c} tenant={tenant} values={values} problem={problem} isNew={isNew} />
        <button>Save</button>
      </Form>
    </article>
    <p>
      <a href={tenantPath(tenant, "limits")}>Back, without a change</a>
    </p>
  </Page>
);

const read = (c: Context<ConsoleEnv>, tenant: string, query: string) =>
  callApi<List<Limit>>(c, "GET", tenantApi(tenant, "limits") + query);

export const limitsPage = (app: ConsoleApp): void => {
  app.get("/console/t/:tenant/limits", async (c) => {
    const { tenant } = c.req.param();
    const found = await read(c, tenant, listQuery(c));
    return found.ok ? c.html(<LimitList c={c} tenant={tenant} list={found.value} />) : refused(c, "Limits", found);
  });

  app.get("/console/t/:tenant/limits/edit", async (c) => {
    const { tenant } = c.req.param();
    const id = c.req.query("id");
    const found = await read(c, tenant, "?limit=100");
    if (!found.ok) return refused(c, "Limits", found);
    if (!may(c, tenant, "manage")) return refused(c, "Limits", NOT_YOURS);
    const limit = found.value.data.find((one) => one.id === id);
    if (id !== undefined && !limit) return refused(c, "Limits", { ...NOT_YOURS, status: 404 });
    return c.html(<EditLimit c={c} tenant={tenant} values={limit ? valuesOfLimit(limit) : {}} isNew={!limit} />);
  });

  app.post("/console/t/:tenant/limits/edit", async (c) => {
    const { tenant } = c.req.param();
    const values = await formValues(c);
    const put = await callApi(c, "PUT", tenantApi(tenant, "limits", values["id"] || " "), { body: limitBody(values) });
    if (put.ok) return c.redirect(doneAt(tenantPath(tenant, "limits"), "saved"), 303);
    const named = { field: "limit_id", id: values["id"] ?? "", isHere: may(c, tenant, "manage") };
    const { status, problem } = refusalOf(put, named);
    if (status === 404) return refused(c, "Limits", put);
    const shared = { c, tenant, values, isNew: values["new"] === "yes", problem };
    return c.html(<EditLimit {...shared} />, statusOf(status));
  });

  app.post("/console/t/:tenant/limits/delete", async (c) => {
    const { tenant } = c.req.param();
    const { id = "" } = await formValues(c);
    const deleted = await callApi(c, "DELETE", tenantApi(tenant, "limits", id || " "));
    if (deleted.ok) return c.redirect(doneAt(tenantPath(tenant, "limits"), "deleted"), 303);
    const found = await read(c, tenant, "");
    if (!found.ok) return refused(c, "Limits", found);
    const list = { c, tenant, list: found.value, problem: deleted.problem };
    return c.html(<LimitList {...list} />, statusOf(deleted.status));
  });
};

const NOT_YOURS = {
  status: 403,
  problem: { code: "forbidden", detail: "An owner or admin changes limits.", errors: [], details: {} },
};
