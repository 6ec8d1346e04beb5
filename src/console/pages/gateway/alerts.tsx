import { Badge, Time } from "../../view/parts.tsx";
import type { Alert } from "../gateway.tsx";

/** What an operator must look at. */
export const Alerts = ({ alerts, hasMore }: { alerts: readonly Alert[]; hasMore: boolean }) => (
  <article>
    <h2>
      Open alerts{" "}
      {alerts.length > 0 && <Badge tone="bad">{hasMore ? `more than ${alerts.length}` : alerts.length}</Badge>}
    </h2>
    {alerts.length === 0 ? (
      <p class="muted">Nothing asks for an operator.</p>
    ) : (
      <div class="scroll" tabindex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Kind</th>
              <th scope="col">About</th>
              <th scope="col">What</th>
              <th scope="col" class="num">
                Times
              </th>
              <th scope="col">Last (UTC)</th>
            </tr>
          </thead>
          <tbody>
            {alerts.map(({ kind, subject, message, count, last_at }) => (
              <tr>
                <th scope="row">{kind.replaceAll("_", " ")}</th>
                <td class="mono">{subject}</td>
                <td>{message}</td>
                <td class="num">{count}</td>
                <td>
                  <Time at={last_at} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    )}
  </article>
);
