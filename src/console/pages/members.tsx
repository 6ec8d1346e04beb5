import type { Context } from "hono";
import type { z } from "@hono/zod-openapi";
import { callApi, type Answer, type Problem } from "../api.ts";
import { listQuery, tenantApi, type List } from "../api-path.ts";
import type { ConsoleApp } from "../console-app.ts";
import type { ConsoleEnv } from "../console-env.ts";
import { formValues } from "../form-values.ts";
import type { InvitationSchema } from "../../management/invitation-shape.ts";
import type { MemberSchema } from "../../management/member-shape.ts";
import { tenantPath } from "../navigation.ts";
import { Act } from "../view/act.tsx";
import { Done, doneAt } from "../view/done.tsx";
import { Page } from "../view/page.tsx";
import { Badge, Empty, Pager, ProblemNotice, Time } from "../view/parts.tsx";
import { refused, statusOf } from "../view/refused.tsx";
import { ShownLink } from "../view/shown-link.tsx";
import { Table } from "../view/table.tsx";
import { InviteForm, placeBody, PlaceForm } from "./members/place-form.tsx";

type Member = z.infer<typeof MemberSchema>;
type Invitation = z.infer<typeof InvitationSchema>;

interface MembersProps {
  c: Context<ConsoleEnv>;
  tenant: string;
  members: List<Member>;
  invitations: List<Invitation>;
  values?: Record<string, string>;
  problem?: Problem | null;
}

const Members = ({ c, tenant, members, invitations, values = {}, problem = null }: MembersProps) => (
  <Page c={c} title="Members" lead="Who has a place in this tenant, and what they may do.">
    <Done c={c} />
    {problem && <ProblemNotice problem={problem} />}
    <article>
      {members.data.length === 0 ? (
        <Empty title="Nobody has a place here yet">
          <p>Invite the first owner below.</p>
        </Empty>
      ) : (
        <Table heads={["Name", "Role and team", "Since", "Change"]}>
          {members.data.map((member) => (
            <MemberRow c={c} tenant={tenant} of={member} />
          ))}
        </Table>
      )}
      <Pager url={new URL(c.req.url)} cursor={members.next_cursor} />
    </article>
    <article>
      <h2>Invite somebody</h2>
      <InviteForm c={c} tenant={tenant} values={values} problem={problem} />
    </article>
    <article>
      <h2>Invitations</h2>
      {invitations.data.length === 0 ? (
        <Empty title="None of the last 30 days" />
      ) : (
        <Table heads={["Name", "Role", "State", "Ends", "Change"]}>
          {invitations.data.map((invitation) => (
            <InvitationRow c={c} tenant={tenant} of={invitation} />
          ))}
        </Table>
      )}
    </article>
  </Page>
);

const Who = ({ name, email, path }: { name: string; email: string | null; path?: string }) => (
  <>
    {path === undefined ? name : <a href={path}>{name}</a>}
    <br />
    <span class="muted">{email ?? "no e-mail"}</span>
  </>
);

const MemberRow = ({ c, tenant, of }: { c: Context<ConsoleEnv>; tenant: string; of: Member }) => {
  const path = `${tenantPath(tenant, "members")}/${of.id}`;
  return (
    <tr>
      <th scope="row">
        <Who name={of.name} email={of.email} path={path} /> {of.disabled && <Badge tone="bad">disabled</Badge>}
      </th>
      <td>
        <PlaceForm c={c} action={path} of={of} />
      </td>
      <td>
        <Time at={of.created_at} />
      </td>
      <td>
        <div class="inline">
          <Act c={c} action={`${path}/link`} does="New link" to={of.name} />
          <Act
            c={c}
            action={`${path}/remove`}
            does="Remove"
            to={of.name}
            confirm={`Take away the place of ${of.name}?`}
          />
        </div>
      </td>
    </tr>
  );
};

const TONES = { open: "warn", used: "good", revoked: "plain", expired: "plain" } as const;

const InvitationRow = ({ c, tenant, of }: { c: Context<ConsoleEnv>; tenant: string; of: Invitation }) => (
  <tr>
    <th scope="row">
      <Who name={of.name} email={of.email} />
    </th>
    <td>
      {of.role}
      {of.team !== null && ` of ${of.team}`}
    </td>
    <td>
      <Badge tone={TONES[of.state]}>{of.state}</Badge>
    </td>
    <td>
      <Time at={of.expires_at} />
    </td>
    <td>
      {of.state === "open" && (
        <Act
          c={c}
          action={`${tenantPath(tenant, "members")}/invitations/${of.id}/revoke`}
          does="Take back"
          to={`the invitation of ${of.name}`}
          confirm={`Take back the invitation of ${of.name}?`}
        />
      )}
    </td>
  </tr>
);

async function page(c: Context<ConsoleEnv>, query: string, wrong?: Wrong, values: Record<string, string> = {}) {
  const { tenant = "" } = c.req.param();
  const [members, invitations] = await Promise.all([
    callApi<List<Member>>(c, "GET", tenantApi(tenant, "members") + query),
    callApi<List<Invitation>>(c, "GET", `${tenantApi(tenant, "invitations")}?limit=100`),
  ]);
  if (!invitations.ok) return refused(c, "Members", invitations);
  if (!members.ok) return refused(c, "Members", members);
  const shown = { c, tenant, members: members.value, invitations: invitations.value, values };
  if (!wrong) return c.html(<Members {...shown} />);
  return c.html(<Members {...shown} problem={wrong.problem} />, statusOf(wrong.status));
}

type Wrong = Extract<Answer<unknown>, { ok: false }>;

export const membersPage = (app: ConsoleApp): void => {
  app.get("/console/t/:tenant/members", (c) => page(c, listQuery(c)));

  app.post("/console/t/:tenant/members/invitations", async (c) => {
    const { tenant } = c.req.param();
    const values = await formValues(c);
    const body = { email: values["email"] ?? "", name: values["name"] ?? "", ...placeBody(values) };
    const path = tenantApi(tenant, "invitations");
    const made = await callApi<Invitation & { url: string; mailed: boolean }>(c, "POST", path, { body });
    if (!made.ok) return page(c, "", made, values);
    const { name, url, mailed } = made.value;
    const lead = mailed ? "The link was mailed, too. It works once, for 7 days." : "The link works once, for 7 days.";
    return c.html(
      <ShownLink c={c} title={`Invitation for ${name}`} lead={lead} url={url} back={tenantPath(tenant, "members")} />,
    );
  });

  app.post("/console/t/:tenant/members/invitations/:id/revoke", async (c) => {
    const { tenant, id } = c.req.param();
    const revoked = await callApi(c, "DELETE", tenantApi(tenant, "invitations", id));
    return revoked.ok ? c.redirect(doneAt(tenantPath(tenant, "members"), "deleted"), 303) : page(c, "", revoked);
  });

  app.post("/console/t/:tenant/members/:person", async (c) => {
    const { tenant, person } = c.req.param();
    const body = placeBody(await formValues(c));
    const changed = await callApi(c, "PATCH", tenantApi(tenant, "members", person), { body });
    return changed.ok ? c.redirect(doneAt(tenantPath(tenant, "members"), "saved"), 303) : page(c, "", changed);
  });

  app.post("/console/t/:tenant/members/:person/link", async (c) => {
    const { tenant, person } = c.req.param();
    const made = await callApi<{ url: string }>(c, "POST", tenantApi(tenant, "members", person, "links"));
    if (!made.ok) return page(c, "", made);
    const lead = "It works once, for 15 minutes, and lets in whoever has it.";
    return c.html(
      <ShownLink c={c} title="A new link" lead={lead} url={made.value.url} back={tenantPath(tenant, "members")} />,
    );
  });

  app.post("/console/t/:tenant/members/:person/remove", async (c) => {
    const { tenant, person } = c.req.param();
    const removed = await callApi(c, "DELETE", tenantApi(tenant, "members", person));
    return removed.ok ? c.redirect(doneAt(tenantPath(tenant, "members"), "removed"), 303) : page(c, "", removed);
  });
};
