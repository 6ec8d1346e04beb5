import { showMoney } from "../../show-money.ts";
import { showDuration } from "../../show-time.ts";
import { Fact } from "../../view/parts.tsx";
import type { JobDetail } from "../playground/result.tsx";

interface FactsProps {
  job: JobDetail;
  /** null: who looks may not read the key, or it is not there any more. */
  keyName: string | null;
}

/** What the job is, and what it came to. Cost, margin and the id upstream are there for operators alone. */
export const Facts = ({ job, keyName }: FactsProps) => {
  const took = job.ended_at === null ? null : Date.parse(job.ended_at) - Date.parse(job.created_at);
  return (
    <article>
      <h2>About it</h2>
      <dl class="facts">
        <Fact label="Model">{job.model}</Fact>
        <Fact label="Price">{job.price === null ? priceless(job) : showMoney(job.price)}</Fact>
        {job.cost !== undefined && <Fact label="Cost">{showMoney(job.cost)}</Fact>}
        {job.margin !== undefined && <Fact label="Margin">{job.margin === null ? "–" : showMoney(job.margin)}</Fact>}
        <Fact label="Rate card">version {job.rate_version}</Fact>
        <Fact label="Seconds of video">{job.seconds}</Fact>
        <Fact label="Team">{job.team ?? "–"}</Fact>
        <Fact label="Key">
          {keyName} <span class="mono">{job.key}</span>
        </Fact>
        <Fact label="Took">{showDuration(took)}</Fact>
        {job.outcome !== null && <Fact label="Outcome">{job.outcome}</Fact>}
        {job.reason !== null && <Fact label="Reason">{job.reason}</Fact>}
        {Object.entries(job.tags).map(([name, value]) => (
          <Fact label={`Tag ${name}`}>{value}</Fact>
        ))}
        {job.upstream_id !== undefined && (
          <Fact label="Id at WaveSpeed">
            <span class="mono">{job.upstream_id ?? "–"}</span>
          </Fact>
        )}
      </dl>
    </article>
  );
};

/** Before its end there is what is held; after it, nothing was charged. */
function priceless({ held, ended_at }: JobDetail): string {
  if (ended_at !== null) return "not charged";
  return held === null ? "–" : `${showMoney(held)} is held`;
}
