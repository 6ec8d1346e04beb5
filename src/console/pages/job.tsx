import type { Context } from "hono";
import { callApi, type Problem } from "../api.ts";
import type { ConsoleApp } from "../console-app.ts";
import type { ConsoleEnv } from "../console-env.ts";
import { may } from "../may.ts";
import { tenantPath } from "../navigation.ts";
import { tenantCall } from "../tenant-call.ts";
import { Form } from "../view/form.tsx";
import { JobStatus } from "../view/job-status.tsx";
import { Page } from "../view/page.tsx";
import { Badge, Notice, ProblemNotice } from "../view/parts.tsx";
import { refused, statusOf } from "../view/refused.tsx";
import { Deliveries } from "./job/deliveries.tsx";
import { Facts } from "./job/facts.tsx";
import { Input, Outputs } from "./job/outputs.tsx";
import { Timeline } from "./job/timeline.tsx";
import type { JobDetail } from "./playground/result.tsx";

const LIVE_SECONDS = "2";
const SETTLED = new Set(["completed", "failed", "cancelled", "expired"]);

/** A job's own page: what it made, what it cost, who was told. It moves until the job has ended and all is delivered. */
export const jobPage = (app: ConsoleApp): void => {
  app.get("/console/t/:tenant/jobs/:id", (c) => show(c, null));

  app.post("/console/t/:tenant/jobs/:id/cancel", async (c) => {
    const { tenant, id } = c.req.param();
    const answer = await callApi(c, "POST", tenantCall(tenant, `jobs/${encodeURIComponent(id)}/cancel`));
    return answer.ok ? c.redirect(jobPath(tenant, id), 303) : show(c, answer);
  });

  app.post("/console/t/:tenant/jobs/:id/replay", async (c) => {
    const { tenant, id } = c.req.param();
    const form = await c.req.parseBody();
    const delivery = encodeURIComponent(String(form["delivery"]));
    const answer = await callApi(c, "POST", tenantCall(tenant, `webhook-deliveries/${delivery}/replay`));
    return answer.ok ? c.redirect(`${jobPath(tenant, id)}#deliveries`, 303) : show(c, answer);
  });
};

const jobPath = (tenant: string, id: string): string => `${tenantPath(tenant, "jobs")}/${id}`;

/** `wrong`: why what the page was asked to do was refused. */
async function show(c: Context<ConsoleEnv>, wrong: { status: number; problem: Problem } | null) {
  const tenant = c.req.param("tenant") ?? "";
  const id = c.req.param("id") ?? "";
  const answer = await callApi<JobDetail>(c, "GET", tenantCall(tenant, `jobs/${encodeURIComponent(id)}`));
  // What can be no job's id is none.
  if (!answer.ok) return refused(c, "Job", answer.status === 400 ? { ...answer, status: 404 } : answer);
  const key = await callApi<{ name: string }>(
    c,
    "GET",
    tenantCall(tenant, `keys/${encodeURIComponent(answer.value.key)}`),
  );
  const known = { job: answer.value, keyName: key.ok ? key.value.name : null };
  const page = <JobView c={c} tenant={tenant} {...known} problem={wrong?.problem ?? null} />;
  return c.html(page, wrong ? statusOf(wrong.status) : 200);
}

interface JobViewProps {
  c: Context<ConsoleEnv>;
  tenant: string;
  job: JobDetail;
  keyName: string | null;
  problem: Problem | null;
}

const JobView = ({ c, tenant, job, keyName, problem }: JobViewProps) => {
  const path = jobPath(tenant, job.id);
  const { csrf } = c.get("session");
  const isWaiting = !SETTLED.has(job.status) && !job.timeline.some(({ event }) => event === "running");
  const isMoving = !SETTLED.has(job.status) || job.deliveries.some(({ ended_at }) => ended_at === null);
  return (
    <Page
      c={c}
      title="Job"
      lead={job.id}
      scripts={["live"]}
      actions={<a href={tenantPath(tenant, "jobs")}>All jobs</a>}
    >
      {problem && <ProblemNotice problem={problem} />}
      <div id="job" {...(isMoving && { "data-live": LIVE_SECONDS })}>
        <div class="inline job-status" aria-live="polite">
          <JobStatus status={job.prediction?.status ?? job.status} />
          {job.mode === "test" && <Badge>Sandbox: never billed</Badge>}
          {progressOf(job)}
          {isWaiting && may(c, tenant, "run") && (
            <Form
              action={`${path}/cancel`}
              csrf={csrf}
              confirm="Cancel this job? Its hold is given back."
              class="inline"
            >
              <button class="danger small" id="cancel">
                Cancel job
              </button>
            </Form>
          )}
        </div>
        {job.status === "needs_operator" && (
          <Notice tone="warn">
            <p>The gateway cannot tell how this job ended, so its hold stays until an operator decides.</p>
          </Notice>
        )}
        <div class="two">
          <div>
            <Outputs job={job} />
            <Input job={job} />
          </div>
          <div>
            <Facts job={job} keyName={keyName} />
          </div>
        </div>
        <Timeline job={job} />
        <Deliveries job={job} action={`${path}/replay`} csrf={csrf} mayReplay={may(c, tenant, "manage")} />
      </div>
    </Page>
  );
};

function progressOf({ prediction }: JobDetail) {
  if (prediction?.queue_position != null) return <span>Number {prediction.queue_position} in the queue</span>;
  if (prediction?.progress == null) return null;
  return (
    <>
      <progress value={prediction.progress} max={1} aria-label="Progress, estimated" />
      <span class="nowrap">about {Math.round(prediction.progress * 100)} %</span>
    </>
  );
}
