import type { z } from "@hono/zod-openapi";
import type { JobSchema } from "../../../management/job-shape.ts";
import type { List } from "../../api-path.ts";
import { showMoney } from "../../show-money.ts";
import { Empty, Pager, Time } from "../../view/parts.tsx";
import { Table } from "../../view/table.tsx";
import { UPSTREAM_PATH } from "./upstream-path.ts";

export type UnclearJob = z.infer<typeof JobSchema> & { tenant: string };

export const UNCLEAR = { needs_operator: "Need a decision", unknown: "Clear up by themselves, mostly" } as const;

/** Where a job is decided. */
export const decidePath = (tenant: string, job: string): string => `${UPSTREAM_PATH}/jobs/${tenant}/${job}`;

interface UnclearJobsProps {
  jobs: List<UnclearJob>;
  state: keyof typeof UNCLEAR;
  url: URL;
}

/** Jobs of all tenants whose end nobody knows, the oldest first. */
export const UnclearJobs = ({ jobs, state, url }: UnclearJobsProps) => (
  <>
    <form method="get" action={UPSTREAM_PATH} class="filters">
      <label>
        Which
        <select name="state">
          {Object.entries(UNCLEAR).map(([value, label]) => (
            <option value={value} {...(value === state && { selected: true })}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <button class="quiet">Show</button>
    </form>
    {jobs.data.length === 0 ? (
      <Empty title="No job is unclear">
        <p>Each job's end is known, and its money with it.</p>
      </Empty>
    ) : (
      <Table heads={["Job", "Tenant", "Model", "Why", "Since", "Costs us#", "Decide"]}>
        {jobs.data.map(({ id, tenant, model, mode, reason, created_at, cost }) => (
          <tr>
            <th scope="row" class="mono">
              {id}
            </th>
            <td class="mono">{tenant}</td>
            <td>
              {model}
              {mode === "test" && <small class="muted"> (sandbox)</small>}
            </td>
            <td>{reason ?? "the answer of its submit was lost"}</td>
            <td>
              <Time at={created_at} />
            </td>
            <td class="num">{cost === undefined ? "–" : showMoney(cost)}</td>
            <td>
              <a href={decidePath(tenant, id)} aria-label={`Decide job ${id}`}>
                Decide
              </a>
            </td>
          </tr>
        ))}
      </Table>
    )}
    <Pager url={url} cursor={jobs.next_cursor} />
  </>
);
