import type { z } from "zod";
import type { JobDetailSchema } from "../../../management/job-detail-shape.ts";
import { tenantPath } from "../../navigation.ts";
import { showMoney } from "../../show-money.ts";
import { Media } from "../../view/media.tsx";
import { Badge } from "../../view/parts.tsx";

export type JobDetail = z.infer<typeof JobDetailSchema>;

const ENDED = new Set(["completed", "failed", "cancelled", "timeout", "deleted"]);

/** What became of the job that was run last: it is read again until it has ended. */
export const Result = ({ tenant, job }: { tenant: string; job: JobDetail }) => {
  const status = job.prediction?.status ?? job.status;
  const isOver = ENDED.has(status);
  const outputs = (job.prediction?.outputs ?? []).filter((output): output is string => typeof output === "string");
  return (
    <article id="result" {...(!isOver && { "data-live": "2" })} aria-live="polite">
      <h2>
        Result{" "}
        <Badge tone={status === "completed" ? "good" : isOver ? "bad" : "warn"}>
          {isOver ? status : `${status}${percent(job)}`}
        </Badge>
      </h2>
      {outputs.map((output) => (
        <Media url={output} />
      ))}
      {job.prediction?.error && <p>{job.prediction.error}</p>}
      <p class="muted">
        {job.price === null
          ? `${showMoney(job.held ?? "0")} is held for it.`
          : `${showMoney(job.price)} was ${job.mode === "test" ? "counted in the sandbox: nothing is billed" : "charged"}.`}{" "}
        <a href={`${tenantPath(tenant, "jobs")}/${job.id}`}>Its page</a>
      </p>
    </article>
  );
};

const percent = ({ prediction }: JobDetail): string =>
  prediction?.progress == null ? "" : `, about ${Math.round(prediction.progress * 100)} %`;
