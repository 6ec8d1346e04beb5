import type { Context } from "hono";
import type { z } from "@hono/zod-openapi";
import { callApi, type Answer, type Problem } from "../api.ts";
import type { ConsoleApp } from "../console-app.ts";
import type { ConsoleEnv } from "../console-env.ts";
import { formValues } from "../form-values.ts";
import type { PersonSchema } from "../../management/person-shape.ts";
import { Done, doneAt } from "../view/done.tsx";
import { Page } from "../view/page.tsx";
import { Badge, Empty, Fact, ProblemNotice, Time } from "../view/parts.tsx";
import { refused, statusOf } from "../view/refused.tsx";
import { SessionTable, type ListedSession } from "./me/sessions.tsx";
import { PasskeyTable, type Passkey } from "./person/passkey-table.tsx";
import { SignOutForm, signOutQuery } from "./person/sign-out-form.tsx";

type Person = z.infer<typeof PersonSchema>;

interface PersonProps {
  c: Context<ConsoleEnv>;
  person: Person;
  passkeys: readonly Passkey[];
  sessions: readonly ListedSession[];
  problem: Problem | null;
}

const OnePerson = ({ c, person, passkeys, sessions, problem }: PersonProps) => (
  <Page c={c} title={person.name} lead={person.email ?? "Without an e-mail address"}>
    <Done c={c} />
    {problem && <ProblemNotice problem={problem} />}
    <article>
      <dl class="facts">
        <Fact label="Is">
          {person.operator ? <Badge tone="good">operator</Badge> : "somebody with places in tenants"}{" "}
          {person.disabled_at !== null && <Badge tone="bad">disabled</Badge>}
        </Fact>
        <Fact label="Since">
          <Time at={person.created_at} />
        </Fact>
        <Fact label="E-mail proved">
          <Time at={person.email_proven_at} />
        </Fact>
      </dl>
    </article>
    <article>
      <h2>Passkeys</h2>
      <p class="muted">They sign in without a link. One that {person.name} does not know is somebody else's.</p>
      <PasskeyTable passkeys={passkeys} />
    </article>
    <article>
      <h2>Sessions</h2>
      {sessions.length === 0 ? <Empty title="Signed in nowhere" /> : <SessionTable sessions={sessions} />}
    </article>
    <article>
      <h2>Sign out everywhere</h2>
      <SignOutForm
        action={`/console/people/${person.id}/sign-out`}
        csrf={c.get("session").csrf}
        name={person.name}
        passkeys={passkeys.length > 0}
      />
    </article>
    <p>
      <a href="/console/people">Everybody who may sign in</a>
    </p>
  </Page>
);

async function show(c: Context<ConsoleEnv>, wrong?: Extract<Answer<unknown>, { ok: false }>) {
  const at = pathOf(c);
  const [person, passkeys, sessions] = await Promise.all([
    callApi<Person>(c, "GET", at),
    callApi<{ data: Passkey[] }>(c, "GET", `${at}/passkeys`),
    callApi<{ data: ListedSession[] }>(c, "GET", `${at}/sessions`),
  ]);
  if (!person.ok) return refused(c, "Person", person);
  if (!passkeys.ok) return refused(c, "Person", passkeys);
  if (!sessions.ok) return refused(c, "Person", sessions);
  const shown = { c, person: person.value, passkeys: passkeys.value.data, sessions: sessions.value.data };
  return c.html(<OnePerson {...shown} problem={wrong?.problem ?? null} />, wrong ? statusOf(wrong.status) : 200);
}

const pathOf = (c: Context<ConsoleEnv>): string => `/v1/people/${encodeURIComponent(c.req.param("person") ?? "")}`;

/** One person, for operators: how they come in, and how nobody does any more in their name. */
export const personPage = (app: ConsoleApp): void => {
  app.get("/console/people/:person", (c) => show(c));

  app.post("/console/people/:person/sign-out", async (c) => {
    const ended = await callApi(c, "DELETE", `${pathOf(c)}/sessions${signOutQuery(await formValues(c))}`);
    if (!ended.ok) return show(c, ended);
    return c.redirect(doneAt(`/console/people/${encodeURIComponent(c.req.param("person"))}`, "signed_out"), 303);
  });
};
