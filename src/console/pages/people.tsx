import type { Context } from "hono";
import type { z } from "@hono/zod-openapi";
import { callApi, type Answer, type Problem } from "../api.ts";
import { listQuery, type List } from "../api-path.ts";
import type { ConsoleApp } from "../console-app.ts";
import type { ConsoleEnv } from "../console-env.ts";
import { formValues } from "../form-values.ts";
import type { PersonSchema } from "../../management/person-shape.ts";
import { Act } from "../view/act.tsx";
import { Done, doneAt } from "../view/done.tsx";
import { Field, Form } from "../view/form.tsx";
import { Page } from "../view/page.tsx";
import { Badge, Pager, ProblemNotice, Time } from "../view/parts.tsx";
import { refused, statusOf } from "../view/refused.tsx";
import { ShownLink } from "../view/shown-link.tsx";
import { Table } from "../view/table.tsx";

type Person = z.infer<typeof PersonSchema>;

const PATH = "/console/people";

interface PeopleProps {
  c: Context<ConsoleEnv>;
  list: List<Person>;
  values?: Record<string, string>;
  problem?: Problem | null;
}

const People = ({ c, list, values = {}, problem = null }: PeopleProps) => (
  <Page
    c={c}
    title="People"
    lead="Everybody who may sign in. Places in a tenant are on its page of members."
    actions={
      <a href="/console/people/refused-sign-ins" role="button" class="quiet">
        Refused sign-ins
      </a>
    }
  >
    <Done c={c} />
    {problem && <ProblemNotice problem={problem} />}
    <article>
      <Table heads={["Name", "E-mail", "Is", "Since", "Change"]}>
        {list.data.map((person) => (
          <PersonRow c={c} of={person} />
        ))}
      </Table>
      <Pager url={new URL(c.req.url)} cursor={list.next_cursor} />
    </article>
    <article>
      <h2>Invite an operator</h2>
      <Form action={PATH} csrf={c.get("session").csrf}>
        <div class="fields">
          <Field name="name" label="Name" value={values["name"] ?? ""} required problem={problem} />
          <Field name="email" label="E-mail" type="email" value={values["email"] ?? ""} required problem={problem} />
        </div>
        <p class="muted">An operator sees every tenant, with costs, and may change everything.</p>
        <button>Make an operator</button>
      </Form>
    </article>
  </Page>
);

const PersonRow = ({ c, of }: { c: Context<ConsoleEnv>; of: Person }) => {
  const enabled = of.disabled_at === null;
  return (
    <tr>
      <th scope="row">
        <a href={`${PATH}/${of.id}`}>{of.name}</a>
      </th>
      <td>{of.email ?? <span class="muted">–</span>}</td>
      <td>
        {of.operator && <Badge>operator</Badge>} {!enabled && <Badge tone="bad">disabled</Badge>}
      </td>
      <td>
        <Time at={of.created_at} />
      </td>
      <td>
        <div class="inline">
          {enabled && <Act c={c} action={`${PATH}/${of.id}/link`} does="New link" to={of.name} />}
          {enabled ? (
            <Act
              c={c}
              action={`${PATH}/${of.id}`}
              does="Disable"
              to={of.name}
              values={{ disabled: "yes" }}
              confirm={`Disable ${of.name}? All sessions end at once.`}
            />
          ) : (
            <Act c={c} action={`${PATH}/${of.id}`} does="Enable" to={of.name} />
          )}
        </div>
      </td>
    </tr>
  );
};

async function page(
  c: Context<ConsoleEnv>,
  query: string,
  wrong?: Extract<Answer<unknown>, { ok: false }>,
  values: Record<string, string> = {},
): Promise<Response> {
  const list = await callApi<List<Person>>(c, "GET", `/v1/people${query}`);
  if (!list.ok) return refused(c, "People", list);
  if (!wrong) return c.html(<People c={c} list={list.value} />);
  return c.html(<People c={c} list={list.value} values={values} problem={wrong.problem} />, statusOf(wrong.status));
}

export const peoplePage = (app: ConsoleApp): void => {
  app.get(PATH, (c) => page(c, listQuery(c)));

  app.post(PATH, async (c) => {
    const values = await formValues(c);
    const body = { name: values["name"] ?? "", email: values["email"] ?? "", operator: true };
    const made = await callApi<Person & { link: { url: string } }>(c, "POST", "/v1/people", { body });
    if (!made.ok) return page(c, "", made, values);
    const { name, link } = made.value;
    const lead = "It works once, for 7 days.";
    return c.html(<ShownLink c={c} title={`Operator ${name}`} lead={lead} url={link.url} back={PATH} />);
  });

  app.post(`${PATH}/:person`, async (c) => {
    const body = { disabled: (await formValues(c))["disabled"] === "yes" };
    const changed = await callApi(c, "PATCH", `/v1/people/${encodeURIComponent(c.req.param("person"))}`, { body });
    return changed.ok ? c.redirect(doneAt(PATH, "saved"), 303) : page(c, "", changed);
  });

  app.post(`${PATH}/:person/link`, async (c) => {
    const path = `/v1/people/${encodeURIComponent(c.req.param("person"))}/links`;
    const made = await callApi<{ url: string }>(c, "POST", path);
    if (!made.ok) return page(c, "", made);
    const lead = "It works once, for 15 minutes. The one before it has ended.";
    return c.html(<ShownLink c={c} title="A new link" lead={lead} url={made.value.url} back={PATH} />);
  });
};
