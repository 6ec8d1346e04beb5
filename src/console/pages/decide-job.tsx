import type { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { JobDetailSchema } from "../../management/job-detail-shape.ts";
import { callApi, type Problem } from "../api.ts";
import { tenantApi } from "../api-path.ts";
import type { ConsoleApp } from "../console-app.ts";
import type { ConsoleEnv } from "../console-env.ts";
import { formValues } from "../form-values.ts";
import { tenantPath } from "../navigation.ts";
import { showMoney } from "../show-money.ts";
import { doneAt } from "../view/done.tsx";
import { Field, Form } from "../view/form.tsx";
import { noSuchPage } from "../view/no-such-page.tsx";
import { Page } from "../view/page.tsx";
import { Badge, Fact, Notice, ProblemNotice, Time } from "../view/parts.tsx";
import { refused, statusOf } from "../view/refused.tsx";
import { decidePath } from "./upstream/unclear-jobs.tsx";
import { UPSTREAM_PATH } from "./upstream/upstream-path.ts";

type Job = z.infer<typeof JobDetailSchema>;

interface DecideProps {
  c: Context<ConsoleEnv>;
  tenant: string;
  job: Job;
  values?: Record<string, string>;
  problem?: Problem | null;
}

const UNCLEAR: readonly string[] = ["unknown", "needs_operator"];

const Decide = ({ c, tenant, job, values = {}, problem = null }: DecideProps) => (
  <Page c={c} title="Decide a job" lead="Its end was lost, or it asks for an operator. A decision is final.">
    {problem && <ProblemNotice problem={problem} />}
    <article>
      <h2>What is known</h2>
      <dl class="facts">
        <Fact label="Job">
          <a class="mono" href={`${tenantPath(tenant, "jobs")}/${job.id}`}>
            {job.id}
          </a>
        </Fact>
        <Fact label="Tenant">
          <span class="mono">{tenant}</span>
        </Fact>
        <Fact label="Model">{job.model}</Fact>
        <Fact label="State">
          <Badge tone={job.status === "needs_operator" ? "bad" : "warn"}>{job.status.replaceAll("_", " ")}</Badge>{" "}
          {job.reason}
        </Fact>
        <Fact label="Since">
          <Time at={job.created_at} />
        </Fact>
        <Fact label="Upstream id">
          <span class="mono">{job.upstream_id ?? "none is known"}</span>
        </Fact>
        <Fact label="Held">{amountOf(job.held)}</Fact>
        <Fact label="Costs us, if it ran">{amountOf(job.cost)}</Fact>
      </dl>
    </article>
    {UNCLEAR.includes(job.status) ? (
      <Choice c={c} tenant={tenant} job={job} values={values} problem={problem} />
    ) : (
      <Notice tone="good">
        <p>
          This job is not unclear any more. <a href={UPSTREAM_PATH}>Back to upstream</a>
        </p>
      </Notice>
    )}
  </Page>
);

const Choice = ({ c, tenant, job, values = {}, problem = null }: DecideProps) => {
  const held = amountOf(job.held);
  const wrong = problem?.errors.find(({ field }) => field === "outcome");
  return (
    <article>
      <h2>Decision</h2>
      <Form action={decidePath(tenant, job.id)} csrf={c.get("session").csrf} confirm="Decide? It is final.">
        <fieldset {...(wrong && { "aria-describedby": "outcome-wrong" })}>
          <legend>What becomes of the {held} that are held</legend>
          <label>
            <input type="radio" name="outcome" value="captured" required {...chosen(values, "captured")} />
            Charge it: the tenant pays {held}. It counts against budgets and is on the statement.
          </label>
          <label>
            <input type="radio" name="outcome" value="released" required {...chosen(values, "released")} />
            Release it: the tenant pays nothing, and may spend the {held} again. If WaveSpeed charges{" "}
            {amountOf(job.cost)} for it, that is our loss.
          </label>
          {wrong && (
            <small id="outcome-wrong" class="wrong">
              {wrong.rule}
            </small>
          )}
        </fieldset>
        <div class="fields">
          <Field
            name="reason"
            label="Reason"
            value={values["reason"] ?? ""}
            hint="Goes into the journal with your name"
            required
            problem={problem}
          />
        </div>
        <p class="muted">
          Should its task turn up later, the tenant gets the result and is charged nothing more: look at WaveSpeed's own
          list of tasks first.
        </p>
        <div class="inline">
          <button class="danger">Decide</button>
          <a href={UPSTREAM_PATH}>Leave it as it is</a>
        </div>
      </Form>
    </article>
  );
};

const chosen = ({ outcome }: Record<string, string>, value: string) => outcome === value && { checked: true };

const amountOf = (amount: string | null | undefined): string =>
  amount == null ? "an unknown amount" : showMoney(amount);

async function page(c: Context<ConsoleEnv>, shown: Pick<DecideProps, "values" | "problem"> = {}, status = 200) {
  const { tenant = "", job = "" } = c.req.param();
  const found = await callApi<Job>(c, "GET", tenantApi(tenant, "jobs", job));
  if (!found.ok) return refused(c, "Decide a job", found);
  const body = <Decide c={c} tenant={tenant} job={found.value} {...shown} />;
  return status === 200 ? c.html(body) : c.html(body, statusOf(status));
}

export const decideJobPage = (app: ConsoleApp): void => {
  app.get(`${UPSTREAM_PATH}/jobs/:tenant/:job`, (c) => (c.get("session").person.operator ? page(c) : noSuchPage(c)));

  app.post(`${UPSTREAM_PATH}/jobs/:tenant/:job`, async (c) => {
    const values = await formValues(c);
    const body = { outcome: values["outcome"] ?? "", reason: values["reason"] ?? "" };
    const path = `/v1/jobs/${encodeURIComponent(c.req.param("job"))}/resolve`;
    const decided = await callApi(c, "POST", path, { body });
    if (decided.ok) return c.redirect(doneAt(UPSTREAM_PATH, "decided"), 303);
    return page(c, { values, problem: decided.problem }, decided.status);
  });
};
