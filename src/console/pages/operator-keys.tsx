import type { Context } from "hono";
import type { z } from "@hono/zod-openapi";
import { callApi, type Problem } from "../api.ts";
import { listQuery, type List } from "../api-path.ts";
import type { ConsoleApp } from "../console-app.ts";
import type { ConsoleEnv } from "../console-env.ts";
import { formValues } from "../form-values.ts";
import type { ManagementKeySchema } from "../../management/management-key-shape.ts";
import { Act } from "../view/act.tsx";
import { Done, doneAt } from "../view/done.tsx";
import { Field, Form } from "../view/form.tsx";
import { Page } from "../view/page.tsx";
import { Badge, Pager, ProblemNotice, Secret, Time } from "../view/parts.tsx";
import { refused, statusOf } from "../view/refused.tsx";
import { Table } from "../view/table.tsx";

type OperatorKey = z.infer<typeof ManagementKeySchema>;

const PATH = "/console/operator-keys";

interface KeysProps {
  c: Context<ConsoleEnv>;
  list: List<OperatorKey>;
  values?: Record<string, string>;
  problem?: Problem | null;
}

const OperatorKeys = ({ c, list, values = {}, problem = null }: KeysProps) => (
  <Page c={c} title="Operator keys" lead="What programs run the gateway with: all of /v1, and no jobs.">
    <Done c={c} />
    {problem && <ProblemNotice problem={problem} />}
    <article>
      <Table heads={["Name", "Id", "State", "Made (UTC)", "Change"]}>
        {list.data.map((key) => (
          <tr>
            <th scope="row">{key.name}</th>
            <td>
              <code>{key.id}</code>
            </td>
            <td>{key.revoked_at === null ? <Badge tone="good">active</Badge> : <Badge tone="bad">revoked</Badge>}</td>
            <td>
              <Time at={key.created_at} />
            </td>
            <td>
              {key.revoked_at === null && (
                <Act
                  c={c}
                  action={`${PATH}/${key.id}/revoke`}
                  does="Revoke"
                  to={key.name}
                  confirm={`Revoke the operator key ${key.name}? What uses it stops within 10 seconds.`}
                />
              )}
            </td>
          </tr>
        ))}
      </Table>
      <Pager url={new URL(c.req.url)} cursor={list.next_cursor} />
    </article>
    <article>
      <h2>Make an operator key</h2>
      <Form action={PATH} csrf={c.get("session").csrf}>
        <div class="fields">
          <Field
            name="name"
            label="Name"
            value={values["name"] ?? ""}
            required
            placeholder="deploy"
            problem={problem}
          />
        </div>
        <p class="muted">It sees every tenant, with costs, and may change everything.</p>
        <button>Make the key</button>
      </Form>
    </article>
  </Page>
);

const ShownOperatorKey = ({ c, name, secret }: { c: Context<ConsoleEnv>; name: string; secret: string }) => (
  <Page c={c} title={`Operator key ${name}`} lead="Copy it now: it is not kept, and not shown again.">
    <article>
      <Secret id="new-key" label="The key" value={secret} />
    </article>
    <p>
      <a href={PATH}>I have copied it: back to the keys</a>
    </p>
  </Page>
);

async function page(
  c: Context<ConsoleEnv>,
  query: string,
  wrong?: { status: number; problem: Problem },
  values: Record<string, string> = {},
): Promise<Response> {
  const list = await callApi<List<OperatorKey>>(c, "GET", `/v1/management-keys${query}`);
  if (!list.ok) return refused(c, "Operator keys", list);
  if (!wrong) return c.html(<OperatorKeys c={c} list={list.value} />);
  return c.html(
    <OperatorKeys c={c} list={list.value} values={values} problem={wrong.problem} />,
    statusOf(wrong.status),
  );
}

export const operatorKeysPage = (app: ConsoleApp): void => {
  app.get(PATH, (c) => page(c, listQuery(c)));

  app.post(PATH, async (c) => {
    const values = await formValues(c);
    const body = { name: values["name"] ?? "" };
    const made = await callApi<OperatorKey & { key: string }>(c, "POST", "/v1/management-keys", { body });
    if (!made.ok) return page(c, "", made, values);
    return c.html(<ShownOperatorKey c={c} name={made.value.name} secret={made.value.key} />);
  });

  app.post(`${PATH}/:key/revoke`, async (c) => {
    const revoked = await callApi(c, "DELETE", `/v1/management-keys/${encodeURIComponent(c.req.param("key"))}`);
    return revoked.ok ? c.redirect(doneAt(PATH, "ended"), 303) : page(c, "", revoked);
  });
};
