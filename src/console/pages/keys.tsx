import type { Context } from "hono";
import { callApi, type Problem } from "../api.ts";
import type { ConsoleApp } from "../console-app.ts";
import type { ConsoleEnv } from "../console-env.ts";
import { formValues } from "../form-values.ts";
import { may } from "../may.ts";
import { tenantPath } from "../navigation.ts";
import { Done } from "../view/done.tsx";
import { Field, Form } from "../view/form.tsx";
import { Page } from "../view/page.tsx";
import { Badge, Empty, Pager, ProblemNotice, Time } from "../view/parts.tsx";
import { refused, statusOf } from "../view/refused.tsx";
import { Table } from "../view/table.tsx";
import { keyBody, KeyFields, NEW_KEY, type Key, type KeyValues } from "./keys/key-form.tsx";
import { KeyStart, KeyState, ShownKey } from "./keys/key-parts.tsx";

interface ListProps {
  c: Context<ConsoleEnv>;
  tenant: string;
  keys: Key[];
  next: string | null;
}

const KeyList = ({ c, tenant, keys, next }: ListProps) => {
  const path = tenantPath(tenant, "keys");
  const make = may(c, tenant, "manage") && (
    <a href={`${path}/new`} role="button">
      Make a key
    </a>
  );
  return (
    <Page c={c} title="Keys" lead="What programs call the gateway with." actions={make}>
      <Done c={c} />
      <article>
        {keys.length === 0 ? (
          <Empty title="There is no key yet">
            <p>{make ? "Make one, and use it as a WaveSpeed key." : "An owner or admin makes them."}</p>
          </Empty>
        ) : (
          <Table heads={["Name", "Begins with", "Team", "State", "Expires (UTC)", "Last used (UTC)"]}>
            {keys.map((key) => (
              <KeyRow path={path} of={key} />
            ))}
          </Table>
        )}
        <Pager url={new URL(c.req.url)} cursor={next} />
      </article>
    </Page>
  );
};

const KeyRow = ({ path, of }: { path: string; of: Key }) => (
  <tr>
    <th scope="row">
      <a href={`${path}/${of.id}`}>{of.name}</a> {of.mode === "test" && <Badge>sandbox</Badge>}
    </th>
    <td>
      <KeyStart prefix={of.prefix} />
    </td>
    <td>{of.team ?? <span class="muted">–</span>}</td>
    <td>
      <KeyState of={of} />
      {of.old_secrets.length > 0 && of.revoked_at === null && (
        <>
          <br />
          <small class="muted">
            old secret works until <Time at={lastEnd(of)} />
          </small>
        </>
      )}
    </td>
    <td>
      <Time at={of.expires_at} />
    </td>
    <td>
      <Time at={of.last_used_at} />
    </td>
  </tr>
);

/** When the last of the secrets from before rotations ends. */
const lastEnd = ({ old_secrets }: Key): string | null =>
  old_secrets
    .map((old) => old.expires_at)
    .toSorted()
    .at(-1) ?? null;

interface NewProps {
  c: Context<ConsoleEnv>;
  tenant: string;
  values: KeyValues;
  problem?: Problem | null;
}

const NewKey = ({ c, tenant, values, problem = null }: NewProps) => (
  <Page c={c} title="Make a key" lead="It is shown once, when it is made.">
    {problem && <ProblemNotice problem={problem} />}
    <article>
      <Form action={tenantPath(tenant, "keys")} csrf={c.get("session").csrf}>
        <div class="fields">
          <Field
            name="mode"
            label="For"
            value={values["mode"] ?? "live"}
            options={[
              { value: "live", label: "Live jobs, which are charged" },
              { value: "test", label: "The sandbox, which is never billed" },
            ]}
          />
        </div>
        <KeyFields c={c} tenant={tenant} values={values} problem={problem} />
        <button>Make the key</button>
      </Form>
    </article>
    <p>
      <a href={tenantPath(tenant, "keys")}>Back, without a key</a>
    </p>
  </Page>
);

/** List and making. What is done with one key is `key.tsx`. */
export const keysPage = (app: ConsoleApp): void => {
  app.get("/console/t/:tenant/keys", async (c) => {
    const { tenant } = c.req.param();
    const query = new URLSearchParams({ limit: "50", ...cursorOf(c) });
    const answer = await callApi<{ data: Key[]; next_cursor: string | null }>(
      c,
      "GET",
      `/v1/tenants/${encodeURIComponent(tenant)}/keys?${query}`,
    );
    if (!answer.ok) return refused(c, "Keys", answer);
    return c.html(<KeyList c={c} tenant={tenant} keys={answer.value.data} next={answer.value.next_cursor} />);
  });

  app.get("/console/t/:tenant/keys/new", async (c) => {
    const { tenant } = c.req.param();
    // Asked so that a tenant that is not the reader's looks as if it were not there.
    const answer = await callApi(c, "GET", `/v1/tenants/${encodeURIComponent(tenant)}/keys?limit=1`);
    if (!answer.ok || !may(c, tenant, "manage")) return refused(c, "Make a key", answer.ok ? NOT_YOURS : answer);
    return c.html(<NewKey c={c} tenant={tenant} values={{ ...NEW_KEY, team: c.req.query("team") ?? "" }} />);
  });

  app.post("/console/t/:tenant/keys", async (c) => {
    const { tenant } = c.req.param();
    const values = await formValues(c);
    const body = { ...keyBody(values), mode: values["mode"] === "test" ? "test" : "live" };
    const made = await callApi<Key & { key: string }>(c, "POST", `/v1/tenants/${encodeURIComponent(tenant)}/keys`, {
      body,
    });
    if (made.ok) return c.html(<ShownKey c={c} tenant={tenant} made={made.value} />);
    if (made.status === 404) return refused(c, "Make a key", made);
    return c.html(<NewKey c={c} tenant={tenant} values={values} problem={made.problem} />, statusOf(made.status));
  });
};

const cursorOf = (c: Context): { cursor?: string } => {
  const cursor = c.req.query("cursor");
  return cursor === undefined ? {} : { cursor };
};

const NOT_YOURS = {
  status: 403,
  problem: { code: "forbidden", detail: "An owner or admin makes keys.", errors: [], details: {} },
};
