import type { Context } from "hono";
import type { z } from "zod";
import type { SessionSchema } from "../../management/session-shape.ts";
import { isFresh } from "../../people/index.ts";
import { callApi, type Problem } from "../api.ts";
import type { ConsoleApp } from "../console-app.ts";
import type { ConsoleEnv } from "../console-env.ts";
import { formValues } from "../form-values.ts";
import { tenantPath } from "../navigation.ts";
import { Done, doneAt } from "../view/done.tsx";
import { Page } from "../view/page.tsx";
import { Badge, Empty, ProblemNotice } from "../view/parts.tsx";
import { refused, statusOf } from "../view/refused.tsx";
import { Table } from "../view/table.tsx";
import { Passkeys } from "./me/passkeys.tsx";
import { Sessions, type ListedSession } from "./me/sessions.tsx";
import type { Passkey } from "./person/passkey-table.tsx";
import { SignOutForm, signOutQuery } from "./person/sign-out-form.tsx";

type Me = z.infer<typeof SessionSchema>;

/** What is somebody's own: their places, passkeys and sessions. */
export const mePage = (app: ConsoleApp): void => {
  app.get("/console/me", (c) => show(c, null));

  app.post("/console/me/sessions/:id/end", async (c) => {
    const ended = await callApi(c, "DELETE", `/v1/sessions/${encodeURIComponent(c.req.param("id"))}`);
    return ended.ok ? c.redirect("/console/me", 303) : show(c, ended);
  });

  app.post("/console/me/passkeys/:id/delete", async (c) => {
    const deleted = await callApi(c, "DELETE", `/v1/passkeys/${encodeURIComponent(c.req.param("id"))}`);
    return deleted.ok ? c.redirect("/console/me", 303) : show(c, deleted);
  });

  app.post("/console/me/sign-out-everywhere", async (c) => {
    const ended = await callApi(c, "DELETE", `/v1/sessions${signOutQuery(await formValues(c))}`);
    return ended.ok ? c.redirect(doneAt("/console/me", "signed_out"), 303) : show(c, ended);
  });
};

/** `wrong`: why what the page was asked to do was refused. */
async function show(c: Context<ConsoleEnv>, wrong: { status: number; problem: Problem } | null) {
  const [me, sessions, passkeys] = await Promise.all([
    callApi<Me>(c, "GET", "/v1/session"),
    callApi<{ data: ListedSession[] }>(c, "GET", "/v1/sessions"),
    callApi<{ data: Passkey[] }>(c, "GET", "/v1/passkeys"),
  ]);
  if (!me.ok) return refused(c, "You", me);
  if (!sessions.ok) return refused(c, "You", sessions);
  if (!passkeys.ok) return refused(c, "You", passkeys);
  const { csrf } = c.get("session");
  const fresh = isFresh(c.get("session"), Date.now());
  const keys = passkeys.value.data;
  return c.html(
    <Page
      c={c}
      title={me.value.person.name}
      lead={me.value.person.email ?? "Without an email address"}
      scripts={["passkey"]}
    >
      <Done c={c} />
      {wrong && <ProblemNotice problem={wrong.problem} />}
      <Places me={me.value} />
      <Passkeys c={c} passkeys={keys} fresh={fresh} />
      <Sessions sessions={sessions.value.data} csrf={csrf} />
      <article>
        <h2>Sign out everywhere else</h2>
        <SignOutForm
          action="/console/me/sign-out-everywhere"
          csrf={csrf}
          name={null}
          passkeys={fresh && keys.length > 0}
        />
      </article>
    </Page>,
    wrong ? statusOf(wrong.status) : 200,
  );
}

const Places = ({ me: { person, memberships } }: { me: Me }) => (
  <article>
    <h2>Where you have a place</h2>
    {person.operator && (
      <p>
        <Badge tone="good">Operator</Badge> You run the gateway and may do everything, at{" "}
        <a href="/console/tenants">each tenant</a>.
      </p>
    )}
    {memberships.length === 0 && !person.operator && (
      <Empty title="You have no place at a tenant">
        <p>An owner or admin of the tenant invites you: ask for a link.</p>
      </Empty>
    )}
    {memberships.length > 0 && (
      <Table heads={["Tenant", "Role", "Team"]}>
        {memberships.map(({ tenant, tenant_name, role, team }) => (
          <tr>
            <th scope="row">
              <a href={tenantPath(tenant, "overview")}>{tenant_name}</a>
            </th>
            <td>{role}</td>
            <td>{team ?? <span class="muted">–</span>}</td>
          </tr>
        ))}
      </Table>
    )}
  </article>
);
