import type { z } from "@hono/zod-openapi";
import type { ReplaySchema } from "../../../management/budget-replay.ts";
import { tenantPath } from "../../navigation.ts";
import { showMoney } from "../../show-money.ts";
import { Badge, Notice, Time } from "../../view/parts.tsx";
import { Table } from "../../view/table.tsx";

export type Replay = z.infer<typeof ReplaySchema>;

/** What a limit would have refused of the jobs of late; null: the API cannot tell now. */
export const ReplayCard = ({ tenant, of }: { tenant: string; of: Replay | null }) => (
  <article id="replay">
    <h2>Had it stood for the last 7 days</h2>
    {of === null ? (
      <p class="muted">
        The newest jobs are not all told yet, or there are too many to look at. Show it again in a moment.
      </p>
    ) : (
      <Replayed tenant={tenant} of={of} />
    )}
  </article>
);

const Replayed = ({ tenant, of }: { tenant: string; of: Replay }) => (
  <>
    <Verdict of={of} />
    {of.cut && (
      <p class="muted">
        There were more jobs than one look takes: those since <Time at={of.from} /> UTC were replayed.
      </p>
    )}
    {of.windows.length > 0 && <Windows of={of.windows} />}
    {of.refused_jobs.length > 0 && <RefusedJobs tenant={tenant} of={of} />}
    {of.jobs > 0 && (
      <p class="muted">
        Each job once more, in the order of admission. A refused one uses nothing, so a later one may fit. Other budgets
        are not counted.
      </p>
    )}
  </>
);

const Verdict = ({ of }: { of: Replay }) => {
  if (of.jobs === 0) return <p class="muted">No job fell under it in that time.</p>;
  if (of.refused === 0) {
    return (
      <p>
        <Badge tone="good">nothing refused</Badge> {of.jobs === 1 ? "The one job" : `All ${of.jobs} jobs`},{" "}
        {showMoney(of.price)}, would have been admitted.
      </p>
    );
  }
  return (
    <Notice tone="warn">
      <p>
        {of.refused} of {of.jobs === 1 ? "1 job" : `${of.jobs} jobs`} would have been refused:{" "}
        {showMoney(of.refused_price)} of {showMoney(of.price)}.
      </p>
    </Notice>
  );
};

const Windows = ({ of }: { of: Replay["windows"] }) => (
  <Table heads={["Window (UTC)", "Jobs#", "Price#", "Refused#", "Refused price#"]}>
    {of.map((window) => (
      <tr>
        <th scope="row">
          {window.start === null ? (
            "Since ever"
          ) : (
            <>
              <Time at={window.start} /> to <Time at={window.end} />
            </>
          )}
        </th>
        <td class="num">{window.jobs}</td>
        <td class="num">{showMoney(window.price)}</td>
        <td class="num">{window.refused}</td>
        <td class="num">{showMoney(window.refused_price)}</td>
      </tr>
    ))}
  </Table>
);

const RefusedJobs = ({ tenant, of }: { tenant: string; of: Replay }) => (
  <details>
    <summary>
      {of.refused > of.refused_jobs.length
        ? `The newest ${of.refused_jobs.length} of the refused jobs`
        : "The refused jobs"}
    </summary>
    <Table heads={["Job", "Model", "Admitted (UTC)", "Price#"]}>
      {of.refused_jobs.map((job) => (
        <tr>
          <th scope="row">
            <a href={tenantPath(tenant, `jobs/${job.id}`)} class="mono nowrap" title={job.id}>
              {job.id.slice(0, 8)}…{job.id.slice(-6)}
            </a>
          </th>
          <td>{job.model}</td>
          <td>
            <Time at={job.admitted_at} />
          </td>
          <td class="num">{showMoney(job.price)}</td>
        </tr>
      ))}
    </Table>
  </details>
);
