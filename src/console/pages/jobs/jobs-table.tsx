import type { z } from "zod";
import type { JobSchema } from "../../../management/job-shape.ts";
import { tenantPath } from "../../navigation.ts";
import { showMoney } from "../../show-money.ts";
import { JobStatus } from "../../view/job-status.tsx";
import { Badge, Time } from "../../view/parts.tsx";

export type ListedJob = z.infer<typeof JobSchema>;

interface JobsTableProps {
  tenant: string;
  jobs: readonly ListedJob[];
  /** Names by id. */
  keys: ReadonlyMap<string, string>;
  /** With what WaveSpeed charges. */
  isTold: boolean;
}

export const JobsTable = ({ tenant, jobs, keys, isTold }: JobsTableProps) => (
  <div class="scroll" tabindex={0}>
    <table>
      <thead>
        <tr>
          <th scope="col">Job</th>
          <th scope="col">Status</th>
          <th scope="col">Model</th>
          <th scope="col">Team</th>
          <th scope="col">Key</th>
          <th scope="col" class="num">
            Price
          </th>
          {isTold && (
            <th scope="col" class="num">
              Cost
            </th>
          )}
          <th scope="col">Admitted (UTC)</th>
        </tr>
      </thead>
      <tbody>
        {jobs.map((job) => (
          <tr>
            <th scope="row">
              <a
                id={`job-${job.id}`}
                href={`${tenantPath(tenant, "jobs")}/${job.id}`}
                class="mono nowrap"
                title={job.id}
              >
                {job.id.slice(0, 8)}…{job.id.slice(-6)}
              </a>
            </th>
            <td class="nowrap">
              <JobStatus status={job.status} /> {job.mode === "test" && <Badge>Sandbox</Badge>}
            </td>
            <td>{job.model}</td>
            <td>{job.team ?? <span class="muted">–</span>}</td>
            <td>{keys.get(job.key) ?? <span class="mono nowrap">{job.key}</span>}</td>
            <td class="num">{job.price === null ? <span class="muted">–</span> : showMoney(job.price)}</td>
            {isTold && <td class="num">{isFree(job) ? <span class="muted">–</span> : showMoney(job.cost ?? "0")}</td>}
            <td>
              <Time at={job.created_at} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

/** It ended, made nothing and was not charged: what it would have cost is no cost. */
const isFree = ({ price, ended_at, status }: ListedJob): boolean =>
  price === null && ended_at !== null && status !== "completed";
