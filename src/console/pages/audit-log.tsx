import type { Context } from "hono";
import { callApi, fetchApi, type Problem } from "../api.ts";
import { listQuery, type List } from "../api-path.ts";
import type { ConsoleApp } from "../console-app.ts";
import type { ConsoleEnv } from "../console-env.ts";
import { formValues, withoutEmpty } from "../form-values.ts";
import { passFile } from "../pass-file.ts";
import { Done, doneAt } from "../view/done.tsx";
import { Page } from "../view/page.tsx";
import { Empty, Pager, ProblemNotice } from "../view/parts.tsx";
import { refused, statusOf } from "../view/refused.tsx";
import { chainOf, type Chain } from "./audit-log/chain.ts";
import { Entries, type Entry } from "./audit-log/entries.tsx";
import { endOf, Filters, startOf, type Asked } from "./audit-log/filters.tsx";
import { daysOf, Keep } from "./audit-log/keep.tsx";
import { Verify, verify, type Verification } from "./audit-log/verify.tsx";

const ROWS = "25";

interface Shown {
  problem?: Problem | null;
  values?: Record<string, string>;
  found?: Verification | null;
}

interface AuditLogProps extends Shown {
  c: Context<ConsoleEnv>;
  chain: Chain;
  asked: Asked;
  list: List<Entry>;
  days: number | null;
}

const AuditLog = (props: AuditLogProps) => {
  const { c, chain, asked, list, days, problem = null, values = {}, found = null } = props;
  const url = new URL(chain.path + new URL(c.req.url).search, c.req.url);
  const lead =
    "Who changed what, when and from where. Entries are chained by their hashes: a change from outside shows.";
  return (
    <Page c={c} title="Audit log" lead={lead} actions={<Exports chain={chain} asked={asked} />}>
      <Done c={c} />
      {problem && <ProblemNotice problem={problem} />}
      <Filters path={chain.path} asked={asked} problem={problem} />
      <article>
        <h2>Changes</h2>
        {list.data.length === 0 ? (
          <Nothing chain={chain} list={list} />
        ) : (
          <Entries entries={list.data} path={chain.path} />
        )}
        <Pager url={url} cursor={list.next_cursor} />
      </article>
      <div class="two">
        <Verify c={c} chain={chain} found={found} values={values} problem={problem} />
        <Keep c={c} chain={chain} days={days} values={values} problem={problem} />
      </div>
    </Page>
  );
};

/** With two filters at once a page may be empty and the next one not. */
const Nothing = ({ chain, list }: { chain: Chain; list: List<Entry> }) =>
  list.next_cursor === null ? (
    <Empty title="No change is told here">
      <p>
        Each change by the console or the API leaves an entry. <a href={chain.path}>Show all of them</a>
      </p>
    </Empty>
  ) : (
    <Empty title="None on this page">
      <p>There may be some on the next one.</p>
    </Empty>
  );

const Exports = ({ chain, asked }: { chain: Chain; asked: Asked }) =>
  ["csv", "ndjson"].map((format) => {
    const query = new URLSearchParams({ format, ...withoutEmpty({ from: asked.from, to: asked.to }) });
    return (
      <a role="button" class="quiet" href={`${chain.path}/export?${query}`}>
        Export {format === "csv" ? "CSV" : "NDJSON"}
      </a>
    );
  });

const askedOf = (c: Context): Asked => {
  const { actor = "", action = "", from = "", to = "" } = c.req.query();
  return { actor, action, from, to };
};

const spanOf = ({ from, to }: Asked): Record<string, string> => withoutEmpty({ from: startOf(from), to: endOf(to) });

async function page(c: Context<ConsoleEnv>, shown: Shown = {}, status = 200): Promise<Response> {
  const chain = chainOf(c);
  const asked = askedOf(c);
  const query = { limit: ROWS, ...withoutEmpty({ actor: asked.actor, action: asked.action }), ...spanOf(asked) };
  const [list, kept] = await Promise.all([
    callApi<List<Entry>>(c, "GET", chain.api + listQuery(c, query)),
    callApi<{ days: number | null }>(c, "GET", `${chain.api}/retention`),
  ]);
  if (!kept.ok) return refused(c, "Audit log", kept);
  const shared = { c, chain, asked, days: kept.value.days };
  if (list.ok) {
    const body = <AuditLog {...shared} {...shown} list={list.value} />;
    return status === 200 ? c.html(body) : c.html(body, statusOf(status));
  }
  // A filter that the API refuses: the form again, with what is wrong.
  const none = { data: [], next_cursor: null };
  return c.html(<AuditLog {...shared} list={none} problem={list.problem} />, statusOf(list.status));
}

async function change(c: Context<ConsoleEnv>): Promise<Response> {
  const chain = chainOf(c);
  const values = await formValues(c);
  if (values["do"] === "verify") {
    const found = await verify(c, chain, values);
    return found.ok
      ? page(c, { values, found: found.value })
      : page(c, { values, problem: found.problem }, found.status);
  }
  const body = { days: daysOf(values["days"] ?? "") };
  const kept = await callApi(c, "PUT", `${chain.api}/retention`, { body });
  return kept.ok
    ? c.redirect(doneAt(chain.path, "saved"), 303)
    : page(c, { values, problem: kept.problem }, kept.status);
}

async function download(c: Context<ConsoleEnv>): Promise<Response> {
  const chain = chainOf(c);
  const format = c.req.query("format") === "ndjson" ? "ndjson" : "csv";
  const query = new URLSearchParams({ format, ...spanOf(askedOf(c)) });
  const file = await fetchApi(c, "GET", `${chain.api}/export?${query}`);
  // Without the file: the page, which says why.
  return file.ok ? passFile(file, `audit-log-${chain.name}.${format}`) : page(c);
}

/** A tenant's audit log for who manages it, and the gateway's for operators. */
export const auditLogPage = (app: ConsoleApp): void => {
  for (const path of ["/console/t/:tenant/audit-log", "/console/audit-log"]) {
    app.get(path, (c) => page(c));
    app.post(path, change);
    app.get(`${path}/export`, download);
  }
};
