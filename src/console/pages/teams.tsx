import type { Context } from "hono";
import type { z } from "@hono/zod-openapi";
import { callApi, type Problem } from "../api.ts";
import { listQuery, tenantApi, type List } from "../api-path.ts";
import type { ConsoleApp } from "../console-app.ts";
import type { ConsoleEnv } from "../console-env.ts";
import { formValues } from "../form-values.ts";
import { may } from "../may.ts";
import type { TeamSchema } from "../../management/team-shape.ts";
import { tenantPath } from "../navigation.ts";
import { showMoney } from "../show-money.ts";
import { Act } from "../view/act.tsx";
import { Done, doneAt } from "../view/done.tsx";
import { Field, Form } from "../view/form.tsx";
import { Page } from "../view/page.tsx";
import { Empty, Pager, ProblemNotice } from "../view/parts.tsx";
import { refused, statusOf } from "../view/refused.tsx";
import { Table } from "../view/table.tsx";

type Team = z.infer<typeof TeamSchema>;

interface Spent {
  data: { team: string | null; price: string; jobs: number }[];
}

interface TeamsProps {
  c: Context<ConsoleEnv>;
  tenant: string;
  list: List<Team>;
  spent: Map<string | null, { price: string; jobs: number }>;
  values?: Record<string, string>;
  problem?: Problem | null;
}

const Teams = ({ c, tenant, list, spent, values = {}, problem = null }: TeamsProps) => {
  const manages = may(c, tenant, "manage");
  const chosen = list.data.find(({ name }) => name === c.req.query("team"));
  return (
    <Page c={c} title="Teams" lead="Whom keys, members and budgets belong to.">
      <Done c={c} />
      {problem && <ProblemNotice problem={problem} />}
      <article>
        {list.data.length === 0 ? (
          <Empty title="There is no team yet">
            <p>{manages ? "Make one below, or name one when you make a key." : "An owner or admin makes them."}</p>
          </Empty>
        ) : (
          <Table
            heads={["Team", "About", "Keys#", "Jobs this month#", "Spent this month#", ...(manages ? ["Change"] : [])]}
          >
            {list.data.map((team) => (
              <TeamRow c={c} tenant={tenant} of={team} spent={spent.get(team.name)} />
            ))}
          </Table>
        )}
        <Pager url={new URL(c.req.url)} cursor={list.next_cursor} />
      </article>
      {manages && (
        <article>
          <h2>Make or describe a team</h2>
          <Form action={tenantPath(tenant, "teams")} csrf={c.get("session").csrf}>
            <div class="fields">
              <Field
                name="team"
                label="Name"
                value={values["team"] ?? c.req.query("team") ?? ""}
                required
                problem={problem}
                hint="Letters, digits, spaces, dots, _ and -."
              />
              <Field
                name="description"
                label="About"
                value={values["description"] ?? chosen?.description ?? ""}
                problem={problem}
              />
            </div>
            <button>Save</button>
          </Form>
        </article>
      )}
    </Page>
  );
};

interface RowProps {
  c: Context<ConsoleEnv>;
  tenant: string;
  of: Team;
  spent: { price: string; jobs: number } | undefined;
}

const TeamRow = ({ c, tenant, of, spent }: RowProps) => {
  const path = tenantPath(tenant, "teams");
  const named = encodeURIComponent(of.name);
  return (
    <tr>
      <th scope="row">
        <a href={`${tenantPath(tenant, "jobs")}?team=${named}`}>{of.name}</a>
      </th>
      <td>{of.description ?? <span class="muted">Only named by keys</span>}</td>
      <td class="num">{of.keys}</td>
      <td class="num">{spent?.jobs ?? 0}</td>
      <td class="num">{showMoney(spent?.price ?? "0")}</td>
      {may(c, tenant, "manage") && (
        <td>
          <div class="inline">
            <a
              href={`${path}?team=${named}#field-team`}
              role="button"
              class="quiet small"
              aria-label={`Describe ${of.name}`}
            >
              Describe
            </a>
            {of.description !== null && (
              <Act
                c={c}
                action={`${path}/delete`}
                does="Delete"
                to={of.name}
                values={{ team: of.name }}
                confirm={`Delete team ${of.name}? Its keys and members keep its name.`}
              />
            )}
          </div>
        </td>
      )}
    </tr>
  );
};

/** The teams, with what each has spent since the first of the month in the tenant's own time zone. */
async function read(c: Context<ConsoleEnv>, tenant: string, query: string) {
  const [list, today] = await Promise.all([
    callApi<List<Team>>(c, "GET", tenantApi(tenant, "teams") + query),
    // What usage ends with where nobody says it is the tenant's today; that is never before yesterday in UTC.
    callApi<{ to: string }>(c, "GET", `${tenantApi(tenant, "usage")}?from=${utcYesterday()}`),
  ]);
  if (!list.ok) return list;
  if (!today.ok) return today;
  const from = `${today.value.to.slice(0, 7)}-01`;
  const used = await callApi<Spent>(c, "GET", `${tenantApi(tenant, "usage")}?from=${from}&group_by=team`);
  if (!used.ok) return used;
  return { ok: true as const, list: list.value, spent: new Map(used.value.data.map((row) => [row.team, row])) };
}

const utcYesterday = (): string => new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);

export const teamsPage = (app: ConsoleApp): void => {
  app.get("/console/t/:tenant/teams", async (c) => {
    const { tenant } = c.req.param();
    const found = await read(c, tenant, listQuery(c));
    return found.ok ? c.html(<Teams c={c} tenant={tenant} {...found} />) : refused(c, "Teams", found);
  });

  const change = (does: "PUT" | "DELETE") => async (c: Context<ConsoleEnv>) => {
    const { tenant = "" } = c.req.param();
    const values = await formValues(c);
    const { team = "", description = "" } = values;
    const body = does === "PUT" ? { body: { description } } : {};
    const changed = await callApi(c, does, tenantApi(tenant, "teams", team || " "), body);
    if (changed.ok) return c.redirect(doneAt(tenantPath(tenant, "teams"), does === "PUT" ? "saved" : "deleted"), 303);
    const found = await read(c, tenant, "");
    if (!found.ok) return refused(c, "Teams", found);
    // A name of the wrong form is no address in the API.
    const isWrong = changed.status === 404 && does === "PUT";
    const errors = isWrong ? [{ field: "team", rule: NAME_RULE, value: team }] : changed.problem.errors;
    const problem = { ...changed.problem, ...(isWrong && { detail: `A team's name ${NAME_RULE}.` }), errors };
    const page = { c, tenant, list: found.list, spent: found.spent, values, problem };
    return c.html(<Teams {...page} />, isWrong ? 400 : statusOf(changed.status));
  };
  app.post("/console/t/:tenant/teams", change("PUT"));
  app.post("/console/t/:tenant/teams/delete", change("DELETE"));
};

const NAME_RULE = "must be 1 to 64 letters, digits, spaces, dots, _ and -, the first a letter or digit";
