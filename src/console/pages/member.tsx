import type { Context } from "hono";
import type { z } from "@hono/zod-openapi";
import { callApi, type Answer } from "../api.ts";
import { tenantApi } from "../api-path.ts";
import type { ConsoleApp } from "../console-app.ts";
import type { ConsoleEnv } from "../console-env.ts";
import { formValues } from "../form-values.ts";
import type { MemberSchema } from "../../management/member-shape.ts";
import { tenantPath } from "../navigation.ts";
import { Done, doneAt } from "../view/done.tsx";
import { Page } from "../view/page.tsx";
import { ProblemNotice } from "../view/parts.tsx";
import { refused, statusOf } from "../view/refused.tsx";
import { PasskeyTable, type Passkey } from "./person/passkey-table.tsx";
import { SignOutForm, signOutQuery } from "./person/sign-out-form.tsx";

type Member = z.infer<typeof MemberSchema>;

async function show(c: Context<ConsoleEnv>, wrong?: Extract<Answer<unknown>, { ok: false }>) {
  const { tenant = "", person = "" } = c.req.param();
  const [member, keys] = await Promise.all([
    callApi<Member>(c, "GET", tenantApi(tenant, "members", person)),
    callApi<{ data: Passkey[] }>(c, "GET", tenantApi(tenant, "members", person, "passkeys")),
  ]);
  if (!keys.ok) return refused(c, "How a member comes in", keys);
  if (!member.ok) return refused(c, "How a member comes in", member);
  const { name, email, role } = member.value;
  const passkeys = keys.value.data;
  return c.html(
    <Page c={c} title={name} lead={`${email ?? "Without an e-mail address"}, ${role}`}>
      <Done c={c} />
      {wrong && <ProblemNotice problem={wrong.problem} />}
      <article>
        <h2>Passkeys</h2>
        <p class="muted">They sign in without a link. One that {name} does not know is somebody else's.</p>
        <PasskeyTable passkeys={passkeys} />
      </article>
      <article>
        <h2>Sign out everywhere</h2>
        <SignOutForm
          action={`${tenantPath(tenant, "members")}/${person}/sign-out`}
          csrf={c.get("session").csrf}
          name={name}
          passkeys={passkeys.length > 0}
        />
      </article>
      <p>
        <a href={tenantPath(tenant, "members")}>All members</a>
      </p>
    </Page>,
    wrong ? statusOf(wrong.status) : 200,
  );
}

/** One member, for whoever has all their places to give. */
export const memberPage = (app: ConsoleApp): void => {
  app.get("/console/t/:tenant/members/:person", (c) => show(c));

  app.post("/console/t/:tenant/members/:person/sign-out", async (c) => {
    const { tenant, person } = c.req.param();
    const path = tenantApi(tenant, "members", person, "sessions") + signOutQuery(await formValues(c));
    const ended = await callApi(c, "DELETE", path);
    return ended.ok
      ? c.redirect(doneAt(`${tenantPath(tenant, "members")}/${person}`, "signed_out"), 303)
      : show(c, ended);
  });
};
