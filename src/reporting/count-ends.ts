import type { JournalEntry } from "../ledger/journal-entry.ts";
import { hourOf } from "./day-hours.ts";
import { DAY_SUMS } from "./day-sums.ts";
import { bucketOfResult, RESULT_COLUMNS } from "./result-times.ts";

/**
 * Statements that add ended jobs to the roll-ups, each entry only if its event row is not there yet.
 * They are right only in one `db.batch` with the insert of those event rows, and before it; and only
 * if no seq is given twice. A job counts when it ended: the UTC hour and the local day of that entry. Captured jobs are
 * usage; of the others only their number is kept, and by day.
 */
export function countEnds(db: D1Database, tenant: string, entries: readonly JournalEntry[]): D1PreparedStatement[] {
  const ends = entries.flatMap(toEnd);
  if (ends.length === 0) return [];
  const rows = JSON.stringify(ends);
  return [ADD_TO_DAYS, ADD_TO_GATEWAY].map((sql) => db.prepare(sql).bind(tenant, rows));
}

/** A row for each end; sums that it adds nothing to are left out. */
function toEnd({ seq, at, localDay, body }: JournalEntry) {
  if (body.kind !== "capture" && body.kind !== "release") return [];
  const { mode, team, keyId, model, admittedAt } = body.job;
  const row = { seq, hour: hourOf(at), local_day: localDay, mode, team: team ?? "", key_id: keyId, model };
  if (body.kind === "release") return [{ ...row, jobs: 0, [body.outcome === "cancelled" ? "cancelled" : "failed"]: 1 }];
  const { seconds, costMicros, priceMicros } = body.job;
  const captured = { ...row, jobs: 1, seconds, cost_micros: costMicros, price_micros: priceMicros };
  if (body.outcome !== "completed") return [captured];
  const ms = Math.max(0, body.endedAt - admittedAt);
  return [{ ...captured, result_ms: ms, [RESULT_COLUMNS[bucketOfResult(ms)] ?? "results_more"]: 1 }];
}

/** Names come from the calls below, never from a request. */
const summedBy = (group: readonly string[]): string => `
  SELECT ${group.map((column) => `value ->> '${column}' AS ${column}`).join(", ")},
    ${DAY_SUMS.map((column) => `coalesce(sum(value ->> '${column}'), 0) AS ${column}`).join(", ")}
  FROM json_each(?2)
  WHERE NOT EXISTS (SELECT 1 FROM usage_events WHERE tenant = ?1 AND seq = value ->> 'seq')
  GROUP BY ${group.map((_, index) => index + 1).join(", ")}`;

const RAISED = DAY_SUMS.map((column) => `${column} = ${column} + excluded.${column}`).join(", ");

/** A number of an hour's list, raised. Only the hours that come are looked at, not all that the row has: D1 counts each. */
const raisedBy = (index: number): string =>
  `coalesce(usage_days.hours ->> ('$."' || key || '"[${index}]'), 0) + (value ->> ${index})`;

const DAY_KEY = ["mode", "local_day", "team", "key_id", "model"];
// Summed by the hour, then by the day: one statement may bring several hours of a row, whichever of them it has.
const ADD_TO_DAYS = `
  INSERT INTO usage_days (tenant, ${DAY_KEY.join(", ")}, ${DAY_SUMS.join(", ")}, hours)
  SELECT ?1, ${DAY_KEY.join(", ")}, ${DAY_SUMS.map((column) => `sum(${column})`).join(", ")},
    json_group_object(hour, json_array(jobs, price_micros)) FILTER (WHERE jobs > 0)
  FROM (${summedBy([...DAY_KEY, "hour"])})
  GROUP BY ${DAY_KEY.join(", ")}
  ON CONFLICT (tenant, ${DAY_KEY.join(", ")}) DO UPDATE SET ${RAISED}, hours = json_patch(hours, (
    SELECT json_group_object(key, json_array(${raisedBy(0)}, ${raisedBy(1)})) FROM json_each(excluded.hours)))`;

const GATEWAY_KEY = ["mode", "local_day", "model"];
const ADD_TO_GATEWAY = `
  INSERT INTO gateway_days (${[...GATEWAY_KEY, ...DAY_SUMS].join(", ")}) ${summedBy(GATEWAY_KEY)}
  ON CONFLICT (${GATEWAY_KEY.join(", ")}) DO UPDATE SET ${RAISED}`;
