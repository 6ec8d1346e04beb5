import type { Context } from "hono";
import type { z } from "zod";
import type { PasskeySchema } from "../../management/passkey-shape.ts";
import type { ListedSessionSchema, SessionSchema } from "../../management/session-shape.ts";
import { callApi, type Problem } from "../api.ts";
import type { ConsoleApp } from "../console-app.ts";
import type { ConsoleEnv } from "../console-env.ts";
import { tenantPath } from "../navigation.ts";
import { Page } from "../view/page.tsx";
import { Badge, Empty, ProblemNotice } from "../view/parts.tsx";
import { refused, statusOf } from "../view/refused.tsx";
import { Table } from "../view/table.tsx";
import { Passkeys } from "./me/passkeys.tsx";
import { Sessions } from "./me/sessions.tsx";

type Me = z.infer<typeof SessionSchema>;
export type Passkey = z.infer<typeof PasskeySchema>;
export type ListedSession = z.infer<typeof ListedSessionSchema>;

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
  return c.html(
    <Page
      c={c}
      title={me.value.person.name}
      lead={me.value.person.email ?? "Without an email address"}
      scripts={["passkey"]}
    >
      {wrong && <ProblemNotice problem={wrong.problem} />}
      <Places me={me.value} />
      <Passkeys c={c} passkeys={passkeys.value.data} />
      <Sessions sessions={sessions.value.data} csrf={csrf} />
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
