import type { Context } from "hono";
import { callApi, type Answer, type Problem } from "../api.ts";
import type { ConsoleApp } from "../console-app.ts";
import type { ConsoleEnv } from "../console-env.ts";
import { formValues } from "../form-values.ts";
import { may } from "../may.ts";
import { tenantPath } from "../navigation.ts";
import { Done, doneAt } from "../view/done.tsx";
import { Field, Form } from "../view/form.tsx";
import { Page } from "../view/page.tsx";
import { Fact, ProblemNotice, Time } from "../view/parts.tsx";
import { refused, statusOf } from "../view/refused.tsx";
import { keyBody, KeyFields, valuesOfKey, type Key, type KeyValues } from "./keys/key-form.tsx";
import { KeyStart, KeyState, OldSecrets, ShownKey } from "./keys/key-parts.tsx";

interface KeyProps {
  c: Context<ConsoleEnv>;
  tenant: string;
  of: Key;
  values?: KeyValues;
  problem?: Problem | null;
}

const OneKey = ({ c, tenant, of, values = valuesOfKey(of), problem = null }: KeyProps) => (
  <Page c={c} title={`Key ${of.name}`}>
    <Done c={c} />
    {problem && <ProblemNotice problem={problem} />}
    <article>
      <dl class="facts">
        <Fact label="State">
          <KeyState of={of} />
        </Fact>
        <Fact label="Id">
          <code>{of.id}</code>
        </Fact>
        <Fact label="Begins with">
          <KeyStart prefix={of.prefix} />
        </Fact>
        <Fact label="Old secrets">
          <OldSecrets of={of} />
        </Fact>
        <Fact label="Made">
          <Time at={of.created_at} />
        </Fact>
        <Fact label="Last used">
          <Time at={of.last_used_at} />
        </Fact>
        <Fact label="May">
          {of.scopes.join(", ")}; {of.models === null ? "every model" : of.models.join(", ")}; from{" "}
          {of.ips === null ? "any address" : of.ips.join(", ")}
        </Fact>
      </dl>
      <p>
        <a href={`${tenantPath(tenant, "jobs")}?key=${of.id}`}>Its jobs</a>,{" "}
        <a href={tenantPath(tenant, "keys")}>all keys</a>
      </p>
    </article>
    {may(c, tenant, "manage") && of.revoked_at === null && (
      <Changes c={c} tenant={tenant} of={of} values={values} problem={problem} />
    )}
  </Page>
);

const Changes = ({ c, tenant, of, values, problem }: Required<KeyProps>) => {
  const path = `${tenantPath(tenant, "keys")}/${of.id}`;
  const { csrf } = c.get("session");
  return (
    <>
      <article>
        <h2>Change it</h2>
        <Form action={path} csrf={csrf}>
          <KeyFields c={c} tenant={tenant} values={values} problem={problem} />
          <div class="inline">
            <button name="do" value="save">
              Save
            </button>
            <button name="do" value={of.disabled_at === null ? "disable" : "enable"} class="quiet" formnovalidate>
              {of.disabled_at === null ? "Disable" : "Enable"}
            </button>
          </div>
        </Form>
      </article>
      <div class="two">
        <article>
          <h2>Rotate</h2>
          <p class="muted">
            A new secret; id, budgets and limits stay. The one in use works on for as long as you say.
          </p>
          <Form action={`${path}/rotate`} csrf={csrf}>
            <Field name="overlap_seconds" label="The old secret works on for" value="86400" options={OVERLAPS} />
            <button>Rotate</button>
          </Form>
        </article>
        <article>
          <h2>Revoke</h2>
          <p class="muted">For ever, and at once for submits. Jobs that were admitted go on, unless you cancel them.</p>
          <Form action={`${path}/revoke`} csrf={csrf} confirm={`Revoke key ${of.name}? This cannot be undone.`}>
            <label>
              <input type="checkbox" name="cancel_queued" /> Cancel its jobs that were not sent yet
            </label>
            <button class="danger">Revoke</button>
          </Form>
        </article>
      </div>
    </>
  );
};

const OVERLAPS = [
  { value: "0", label: "Not at all: it ends now" },
  { value: "3600", label: "1 hour" },
  { value: "86400", label: "1 day" },
  { value: "604800", label: "7 days" },
  { value: "2592000", label: "30 days" },
];

const at = (tenant: string, key: string): string =>
  `/v1/tenants/${encodeURIComponent(tenant)}/keys/${encodeURIComponent(key)}`;

/** The key again, with why a change of it was refused. */
async function again(
  c: Context<ConsoleEnv>,
  { status, problem }: Extract<Answer<unknown>, { ok: false }>,
  values?: KeyValues,
): Promise<Response> {
  const { tenant = "", key = "" } = c.req.param();
  const found = await callApi<Key>(c, "GET", at(tenant, key));
  if (!found.ok) return refused(c, "Key", found);
  const typed = values && { values };
  return c.html(<OneKey c={c} tenant={tenant} of={found.value} problem={problem} {...typed} />, statusOf(status));
}

/** One key: its facts, changing it, a new secret, its end. */
export const keyPage = (app: ConsoleApp): void => {
  app.get("/console/t/:tenant/keys/:key", async (c) => {
    const { tenant, key } = c.req.param();
    const found = await callApi<Key>(c, "GET", at(tenant, key));
    // An id that can be none is no page, like one that is nobody's.
    if (!found.ok) return refused(c, "Key", found.status === 400 ? { ...found, status: 404 } : found);
    return c.html(<OneKey c={c} tenant={tenant} of={found.value} />);
  });

  app.post("/console/t/:tenant/keys/:key", async (c) => {
    const { tenant, key } = c.req.param();
    const values = await formValues(c);
    const turns = values["do"] === "disable" || values["do"] === "enable";
    const body = turns ? { disabled: values["do"] === "disable" } : keyBody(values);
    const changed = await callApi(c, "PATCH", at(tenant, key), { body });
    if (!changed.ok) return again(c, changed, values);
    return c.redirect(doneAt(`${tenantPath(tenant, "keys")}/${key}`, "saved"), 303);
  });

  app.post("/console/t/:tenant/keys/:key/rotate", async (c) => {
    const { tenant, key } = c.req.param();
    const { overlap_seconds = "" } = await formValues(c);
    const body = { overlap_seconds: Number(overlap_seconds) };
    const made = await callApi<Key & { key: string }>(c, "POST", `${at(tenant, key)}/rotate`, { body });
    return made.ok ? c.html(<ShownKey c={c} tenant={tenant} made={made.value} />) : again(c, made);
  });

  app.post("/console/t/:tenant/keys/:key/revoke", async (c) => {
    const { tenant, key } = c.req.param();
    const { cancel_queued } = await formValues(c);
    const revoked = await callApi(c, "DELETE", `${at(tenant, key)}?cancel_queued=${cancel_queued !== undefined}`);
    if (!revoked.ok) return again(c, revoked);
    return c.redirect(doneAt(tenantPath(tenant, "keys"), "revoked"), 303);
  });
};
