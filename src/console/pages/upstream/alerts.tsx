import type { Context } from "hono";
import type { z } from "@hono/zod-openapi";
import type { AlertSchema } from "../../../management/alert-shape.ts";
import type { List } from "../../api-path.ts";
import type { ConsoleEnv } from "../../console-env.ts";
import { Act } from "../../view/act.tsx";
import { Empty, Time } from "../../view/parts.tsx";
import { Table } from "../../view/table.tsx";
import { UPSTREAM_PATH } from "./upstream-path.ts";

export type Alert = z.infer<typeof AlertSchema>;

/** What an operator must look at, the last raised first. */
export const Alerts = ({ c, alerts }: { c: Context<ConsoleEnv>; alerts: List<Alert> }) =>
  alerts.data.length === 0 ? (
    <Empty title="Nothing is wrong">
      <p>What the gateway cannot put right by itself is told here.</p>
    </Empty>
  ) : (
    <>
      <Table heads={["What", "About", "Message", "Times#", "Last", "First", "Change"]}>
        {alerts.data.map((alert) => (
          <tr>
            <th scope="row">{alert.kind.replaceAll("_", " ")}</th>
            <td class="mono">{alert.subject}</td>
            <td>{alert.message}</td>
            <td class="num">{alert.count}</td>
            <td>
              <Time at={alert.last_at} />
            </td>
            <td>
              <Time at={alert.first_at} />
            </td>
            <td>
              {/* With the count as it was read: what was raised meanwhile stays. */}
              <Act
                c={c}
                action={UPSTREAM_PATH}
                does="Seen to"
                to={`${alert.kind} ${alert.subject}`}
                values={{ do: "seen", alert: alert.id, count: String(alert.count) }}
              />
            </td>
          </tr>
        ))}
      </Table>
      {alerts.next_cursor !== null && <p class="muted">There are more, raised before these.</p>}
    </>
  );
