import type { z } from "@hono/zod-openapi";
import type { AuditEntrySchema } from "../../../management/audit-log-shape.ts";
import { Badge, Time } from "../../view/parts.tsx";
import { Table } from "../../view/table.tsx";
import { differences } from "./differences.ts";

export type Entry = z.infer<typeof AuditEntrySchema>;

/** Who did what, the newest first; what a change did is one press away. */
export const Entries = ({ entries, path }: { entries: readonly Entry[]; path: string }) => (
  <Table heads={["No.#", "When", "Who", "What", "What it changed"]}>
    {entries.map((entry) => (
      <tr>
        <th scope="row" class="num">
          {entry.seq}
        </th>
        <td>
          <Time at={entry.at} />
        </td>
        <td>
          {entry.actor_name}
          <br />
          <a class="mono" href={`${path}?${new URLSearchParams({ actor: entry.actor })}`}>
            {entry.actor}
          </a>
          {entry.ip !== "" && (
            <>
              <br />
              <small class="muted" title={entry.user_agent}>
                from {entry.ip}
              </small>
            </>
          )}
        </td>
        <td>
          <a class="mono" href={`${path}?${new URLSearchParams({ action: entry.action })}`}>
            {entry.action}
          </a>
          <br />
          <small class="muted mono">{entry.target}</small>
        </td>
        <td>
          <Changed entry={entry} />
        </td>
      </tr>
    ))}
  </Table>
);

const Changed = ({ entry }: { entry: Entry }) => {
  const { shown, more } = differences(entry.before, entry.after);
  if (entry.outcome === "unknown") return <Badge tone="warn">begun; nobody knows what came of it</Badge>;
  if (shown.length === 0) return <span class="muted">nothing that is told</span>;
  return (
    <details id={`entry-${entry.seq}`}>
      <summary>{shown.length + more === 1 ? "1 value" : `${shown.length + more} values`}</summary>
      <Table heads={["Field", "Before", "After"]}>
        {shown.map(({ field, before, after }) => (
          <tr>
            <th scope="row" class="mono">
              {field}
            </th>
            <td>{before === null ? <span class="muted">not there</span> : <del>{before}</del>}</td>
            <td>{after === null ? <span class="muted">not there</span> : <ins>{after}</ins>}</td>
          </tr>
        ))}
      </Table>
      {more > 0 && <p class="muted">And {more} more: the export has them all.</p>}
    </details>
  );
};
