import type { Context } from "hono";
import { callApi } from "../api.ts";
import type { ConsoleApp } from "../console-app.ts";
import type { ConsoleEnv } from "../console-env.ts";
import { isOperator, may } from "../may.ts";
import { tenantPath } from "../navigation.ts";
import { tenantCall } from "../tenant-call.ts";
import { Page } from "../view/page.tsx";
import { Empty, Pager, ProblemNotice } from "../view/parts.tsx";
import { refused } from "../view/refused.tsx";
import { readChoices } from "./jobs/choices.ts";
import { Filters } from "./jobs/filters.tsx";
import { apiQuery, FILTERS, type Asked } from "./jobs/jobs-query.ts";
import { JobsTable, type ListedJob } from "./jobs/jobs-table.tsx";

const PAGE_JOBS = "50";
const LIVE_SECONDS = "3";

interface JobsPage {
  data: ListedJob[];
  next_cursor: string | null;
  time_zone: string;
}

/** A tenant's jobs, the newest first; the first page follows what happens. */
export const jobsPage = (app: ConsoleApp): void => {
  app.get("/console/t/:tenant/jobs", async (c) => {
    const { tenant } = c.req.param();
    const asked = askedOf(c);
    const cursor = c.req.query("cursor");
    const query = { ...apiQuery(asked), cursor, limit: PAGE_JOBS };
    const [page, choices] = await Promise.all([
      callApi<JobsPage>(c, "GET", tenantCall(tenant, "jobs", query)),
      readChoices(c, tenant),
    ]);
    // A filter that is wrong is said beside it, with the others as they were.
    if (!page.ok && page.status !== 400) return refused(c, "Jobs", page);
    if (!page.ok && page.problem.errors.some(({ field }) => field === "tenant"))
      return refused(c, "Jobs", notThere(page));
    const problem = page.ok ? null : page.problem;
    return c.html(
      <Page c={c} title="Jobs" lead="Everything that was run, the newest first." scripts={["live"]}>
        <Filters
          path={tenantPath(tenant, "jobs")}
          asked={asked}
          choices={choices}
          problem={problem}
          zone={page.ok ? page.value.time_zone : null}
          isTold={isOperator(c)}
        />
        {page.ok ? (
          <section id="jobs" aria-label="Jobs" {...(cursor === undefined && { "data-live": LIVE_SECONDS })}>
            {page.value.data.length === 0 ? (
              <NoJobs c={c} tenant={tenant} asked={asked} more={page.value.next_cursor !== null} />
            ) : (
              <article>
                <JobsTable tenant={tenant} jobs={page.value.data} keys={choices.keyNames} isTold={isOperator(c)} />
              </article>
            )}
            <Pager url={new URL(c.req.url)} cursor={page.value.next_cursor} />
          </section>
        ) : (
          <ProblemNotice problem={page.problem} />
        )}
      </Page>,
      page.ok ? 200 : 400,
    );
  });
};

/** An address that can be no tenant's is nobody's. */
const notThere = <Refused extends { status: number }>(page: Refused): Refused => ({ ...page, status: 404 });

const askedOf = (c: Context<ConsoleEnv>): Asked =>
  Object.fromEntries(FILTERS.map((name) => [name, (c.req.query(name) ?? "").trim()])) as Asked;

const NoJobs = (props: { c: Context<ConsoleEnv>; tenant: string; asked: Asked; more: boolean }) => {
  const { c, tenant, asked, more } = props;
  const isFiltered = Object.values(asked).some((value) => value !== "");
  if (more) {
    return (
      <Empty title="None of the jobs looked through so far">
        <p>There are older ones: the next page goes on.</p>
      </Empty>
    );
  }
  return isFiltered ? (
    <Empty title="No job is as the filters say">
      <p>
        <a href={tenantPath(tenant, "jobs")}>Show all jobs</a>
      </p>
    </Empty>
  ) : (
    <Empty title="Nothing was run yet">
      <p>Jobs appear here as soon as they are admitted.</p>
      {may(c, tenant, "run") && (
        <p>
          <a href={tenantPath(tenant, "playground")} role="button">
            Run something in the playground
          </a>
        </p>
      )}
    </Empty>
  );
};
