import type { Context } from "hono";
import { callApi, fetchApi } from "../api.ts";
import type { ConsoleApp } from "../console-app.ts";
import type { ConsoleEnv } from "../console-env.ts";
import { tenantPath } from "../navigation.ts";
import { passFile } from "../pass-file.ts";
import { noSuchPage } from "../view/no-such-page.tsx";
import { Page } from "../view/page.tsx";
import { Badge, Empty, Time } from "../view/parts.tsx";
import { refused } from "../view/refused.tsx";
import { readKeyNames } from "./jobs/choices.ts";
import { CreditAccount, CreditMovements } from "./billing/credit-account.tsx";
import { SumsTable, type Statement } from "./billing/sums-table.tsx";

/** A month's statement: to read, to print, and as a file. */
export const statementPage = (app: ConsoleApp): void => {
  app.get("/console/t/:tenant/billing/:month{[0-9]{4}-[0-9]{2}}", async (c) => {
    const { tenant, month } = c.req.param();
    const answer = await callApi<Statement>(c, "GET", `/v1/tenants/${tenant}/statements/${month}`);
    if (!answer.ok) return refused(c, `Statement ${month}`, answer);
    const [named, keys] = await Promise.all([
      callApi<{ name: string }>(c, "GET", `/v1/tenants/${tenant}`),
      readKeyNames(c, tenant),
    ]);
    const name = named.ok ? named.value.name : tenant;
    return c.html(<StatementView c={c} of={answer.value} name={name} keys={keys} />);
  });

  app.get("/console/t/:tenant/billing/:file{[0-9]{4}-[0-9]{2}\\.(csv|json)}", async (c) => {
    const { tenant, file } = c.req.param();
    const [month = "", format = ""] = file.split(".");
    const response = await fetchApi(c, "GET", `/v1/tenants/${tenant}/statements/${month}?format=${format}`);
    return response.ok ? passFile(response, `statement-${tenant}-${file}`) : noSuchPage(c);
  });
};

interface ViewProps {
  c: Context<ConsoleEnv>;
  of: Statement;
  name: string;
  /** Names by id. */
  keys: ReadonlyMap<string, string>;
}

const StatementView = ({ c, of, name, keys }: ViewProps) => {
  const path = `${tenantPath(of.tenant, "billing")}/${of.month}`;
  const files = (
    <>
      <a role="button" class="quiet" href={`${path}.csv`}>
        CSV
      </a>
      <a role="button" class="quiet" href={`${path}.json`}>
        JSON
      </a>
      <button type="button" data-print="">
        Print or save as PDF
      </button>
    </>
  );
  return (
    <Page c={c} title={`Statement ${of.month}`} lead={`${name} (${of.tenant})`} actions={files}>
      <p>
        <Badge tone={of.closed ? "good" : "warn"}>{of.closed ? "Closed" : "Open"}</Badge>{" "}
        {of.closed ? "Nothing in it changes any more." : "The month goes on, or its last jobs are still being counted."}{" "}
        From <Time at={of.from} /> to <Time at={of.to} /> UTC, the month of {of.time_zone}. Jobs count when they were
        charged.
      </p>
      <article>
        {of.by_model.length === 0 ? (
          <Empty title="Nothing was charged in this month" />
        ) : (
          <>
            <SumsTable
              caption="By model"
              of="Model"
              total={of.total}
              lines={of.by_model.map((line) => ({ ...line, label: line.model }))}
            />
            <SumsTable
              caption="By team"
              of="Team"
              total={of.total}
              lines={of.by_team.map((line) => ({ ...line, label: line.team ?? "No team" }))}
            />
            <SumsTable
              caption="By key"
              of="Key"
              total={of.total}
              lines={of.by_key.map((line) => ({ ...line, label: labelOf(line.key, keys) }))}
            />
          </>
        )}
      </article>
      {of.credit && <CreditAccount of={of.credit} isClosed={of.closed} />}
      {!of.credit_known && (
        <p class="muted">
          Balances of credit are not told: the report has entries from before it counted them. The operator's rebuild of
          the report tells them.
        </p>
      )}
      {of.movements.data.length > 0 && <CreditMovements of={of.movements} />}
    </Page>
  );
};

/** A bill names a key as people know it, and by its id, which stays. */
const labelOf = (key: string, keys: ReadonlyMap<string, string>): string => {
  const name = keys.get(key);
  return name === undefined ? key : `${name} (${key})`;
};
