import { showMoney } from "../../show-money.ts";
import type { JobDetail } from "../playground/result.tsx";

const WORDS: Readonly<Record<string, string>> = {
  quoted: "Quoted: the price was promised",
  held: "Held: set aside from the budgets",
  queued: "Queued",
  submitted: "Sent to WaveSpeed",
  unknown: "Unclear whether WaveSpeed has it",
  running: "Running",
  completed: "Completed",
  failed: "Failed",
  cancelled: "Cancelled",
  expired: "Expired",
  captured: "Captured: charged",
  released: "Released: given back",
  written_off: "Written off: WaveSpeed may charge it, the tenant does not pay",
  loss: "Loss: made or charged by WaveSpeed, not by the gateway",
  reconciled: "Compared with WaveSpeed's bill",
};

/** What happened to the job and its money, in order. */
export const Timeline = ({ job }: { job: JobDetail }) => (
  <article>
    <h2>Money and time</h2>
    <div class="scroll" tabindex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">What happened</th>
            <th scope="col" class="num">
              Amount
            </th>
            <th scope="col">When (UTC)</th>
            <th scope="col">By</th>
          </tr>
        </thead>
        <tbody>
          {job.timeline.map(({ event, at, actor, amount }) => (
            <tr>
              <th scope="row">{WORDS[event] ?? event}</th>
              <td class="num">{amount === null ? <span class="muted">–</span> : showMoney(amount)}</td>
              <td class="nowrap">
                <time datetime={at}>{at.slice(0, 23).replace("T", " ").replace("Z", "")}</time>
              </td>
              <td class="muted">{actor}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  </article>
);
