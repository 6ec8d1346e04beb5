import type { JournalEntry } from "../ledger/journal-entry.ts";
import { DAY_SUMS } from "./day-sums.ts";
import { bucketOfResult, RESULT_COLUMNS } from "./result-times.ts";

const HOUR_MS = 3_600_000;

/**
 * Statements that add ended jobs to the roll-ups, each entry only if its event row is not there yet.
 * They are right only in one `db.batch` with the insert of those event rows, and before it; and only
 * if no seq is given twice. A job counts when it ended: the UTC hour and the local day of that entry. Captured jobs are
 * usage; of the others only their number is kept, and by day.
 */
export function countEnds(db: D1Database, tenant: string, entries: readonly JournalEntry[]): D1PreparedStatement[] {
  const ends = entries.flatMap(toEnd);
  if (ends.length === 0) return [];
  const captured = ends.filter(({ jobs }) => jobs > 0);
  const rows = JSON.stringify(ends);
  return [
    ...(captured.length === 0 ? [] : [db.prepare(ADD_TO_HOURS).bind(tenant, JSON.stringify(captured))]),
    db.prepare(ADD_TO_DAYS).bind(tenant, rows),
    db.prepare(ADD_TO_GATEWAY).bind(tenant, rows),
  ];
}

/** A row for each end; sums that it adds nothing to are left out. */
function toEnd({ seq, at, localDay, body }: JournalEntry) {
  if (body.kind !== "capture" && body.kind !== "release") return [];
  const { mode, team, keyId, model, admittedAt } = body.job;
  const row = { seq, hour: at - (at % HOUR_MS), local_day: localDay, mode, team: team ?? "", key_id: keyId, model };
  if (body.kind === "release") return [{ ...row, jobs: 0, [body.outcome === "cancelled" ? "cancelled" : "failed"]: 1 }];
  const { seconds, costMicros, priceMicros } = body.job;
  const captured = { ...row, jobs: 1, seconds, cost_micros: costMicros, price_micros: priceMicros };
  if (body.outcome !== "completed") return [captured];
  const ms = Math.max(0, body.endedAt - admittedAt);
  return [{ ...captured, result_ms: ms, [RESULT_COLUMNS[bucketOfResult(ms)] ?? "results_more"]: 1 }];
}

/** Names come from the calls below, never from a request. */
function addTo(table: string, key: readonly string[], sums: readonly string[]): string {
  const group = key.map((column) => (column === "tenant" ? "?1" : `value ->> '${column}'`));
  const sum = sums.map((column) => `coalesce(sum(value ->> '${column}'), 0)`);
  return `
    INSERT INTO ${table} (${[...key, ...sums].join(", ")})
    SELECT ${[...group, ...sum].join(", ")}
    FROM json_each(?2)
    WHERE NOT EXISTS (SELECT 1 FROM usage_events WHERE tenant = ?1 AND seq = value ->> 'seq')
    GROUP BY ${group.map((_, index) => index + 1).join(", ")}
    ON CONFLICT (${key.join(", ")}) DO UPDATE SET
      ${sums.map((column) => `${column} = ${column} + excluded.${column}`).join(", ")}`;
}

const ADD_TO_HOURS = addTo(
  "usage_hours",
  ["tenant", "mode", "hour", "team", "key_id", "model"],
  ["jobs", "seconds", "cost_micros", "price_micros"],
);
const ADD_TO_DAYS = addTo("usage_days", ["tenant", "mode", "local_day", "team", "key_id", "model"], DAY_SUMS);
const ADD_TO_GATEWAY = addTo("gateway_days", ["mode", "local_day", "model"], DAY_SUMS);
