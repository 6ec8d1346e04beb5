import type { JournalEntry } from "../ledger/journal-entry.ts";

const HOUR_MS = 3_600_000;

/**
 * Statements that add captured jobs to the roll-ups, each entry only if its event row is not there yet.
 * They are right only in one `db.batch` with the insert of those event rows, and before it; and only
 * if no seq is given twice. Usage counts when it was captured: the capture's hour (UTC) and local day.
 */
export function countCaptures(db: D1Database, tenant: string, entries: readonly JournalEntry[]): D1PreparedStatement[] {
  const captures = entries.flatMap(toCapture);
  if (captures.length === 0) return [];
  const rows = JSON.stringify(captures);
  return [
    db.prepare(addTo("usage_hours", "hour")).bind(tenant, rows),
    db.prepare(addTo("usage_days", "local_day")).bind(tenant, rows),
  ];
}

function toCapture({ seq, at, localDay, body }: JournalEntry) {
  if (body.kind !== "capture") return [];
  const { mode, team, keyId, model, seconds, costMicros, priceMicros } = body.job;
  return [
    {
      seq,
      hour: at - (at % HOUR_MS),
      local_day: localDay,
      mode,
      team: team ?? "",
      key: keyId,
      model,
      seconds,
      cost: costMicros,
      price: priceMicros,
    },
  ];
}

/** Names come from the two calls above, never from a request. */
function addTo(table: "usage_hours" | "usage_days", period: "hour" | "local_day"): string {
  return `
    INSERT INTO ${table} (tenant, mode, ${period}, team, key_id, model, jobs, seconds, cost_micros, price_micros)
    SELECT ?1, value ->> 'mode', value ->> '${period}', value ->> 'team', value ->> 'key', value ->> 'model',
           count(*), sum(value ->> 'seconds'), sum(value ->> 'cost'), sum(value ->> 'price')
    FROM json_each(?2)
    WHERE NOT EXISTS (SELECT 1 FROM usage_events WHERE tenant = ?1 AND seq = value ->> 'seq')
    GROUP BY 2, 3, 4, 5, 6
    ON CONFLICT (tenant, mode, ${period}, team, key_id, model) DO UPDATE SET
      jobs = jobs + excluded.jobs,
      seconds = seconds + excluded.seconds,
      cost_micros = cost_micros + excluded.cost_micros,
      price_micros = price_micros + excluded.price_micros`;
}
