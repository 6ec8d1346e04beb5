const DAY_MS = 86_400_000;

/** How long deliveries are kept, and how many. */
export const LOG_MS = 30 * DAY_MS;
export const LOG_ROWS_MAX = 100_000;

/** Rows that one alarm clears. */
const CLEARED_MAX = 500;

/** A pending delivery that is old enough is looked at again after this. */
const AGAIN_MS = 3_600_000;

interface Oldest {
  seq: number;
  createdAt: number;
  newest: number;
}

function oldest(sql: SqlStorage): Oldest | null {
  const [row] = sql
    .exec("SELECT seq, created_at, (SELECT MAX(seq) FROM deliveries) AS newest FROM deliveries ORDER BY seq LIMIT 1")
    .toArray();
  return row ? { seq: Number(row["seq"]), createdAt: Number(row["created_at"]), newest: Number(row["newest"]) } : null;
}

/** When the log is next to be cleared; null: it is empty. Rows leave at the old end only, so numbers count them. */
export function nextClearing(sql: SqlStorage, now: number, rowsMax = LOG_ROWS_MAX): number | null {
  const first = oldest(sql);
  if (!first) return null;
  if (first.newest - first.seq >= rowsMax) return now;
  const at = first.createdAt + LOG_MS;
  return at <= now && !isClearable(sql, first.seq) ? now + AGAIN_MS : at;
}

/**
 * Removes deliveries that are too old or too many, with their attempts and, with the last of its event, the body.
 * Answers how many of them had not come to an end: those went for want of room.
 */
export function clearLog(sql: SqlStorage, now: number, rowsMax = LOG_ROWS_MAX): { lost: number } {
  const rows = sql
    .exec(
      `SELECT seq, event_id, state FROM (SELECT * FROM deliveries ORDER BY seq LIMIT ?3)
         WHERE (created_at <= ?1 AND state <> 'pending') OR seq <= (SELECT MAX(seq) FROM deliveries) - ?2`,
      now - LOG_MS,
      rowsMax,
      CLEARED_MAX,
    )
    .toArray();
  for (const row of rows) {
    sql.exec("DELETE FROM deliveries WHERE seq = ?", row["seq"]);
    sql.exec("DELETE FROM attempts WHERE seq = ?", row["seq"]);
    sql.exec(
      "DELETE FROM bodies WHERE event_id = ?1 AND NOT EXISTS (SELECT 1 FROM deliveries WHERE event_id = ?1)",
      row["event_id"],
    );
  }
  const last = Math.max(0, ...rows.map((row) => Number(row["seq"])));
  sql.exec("UPDATE desk SET cleared_seq = ?1 WHERE cleared_seq < ?1", last);
  return { lost: rows.filter((row) => row["state"] === "pending").length };
}

const isClearable = (sql: SqlStorage, seq: number): boolean =>
  sql.exec("SELECT 1 FROM deliveries WHERE seq = ? AND state <> 'pending'", seq).toArray().length > 0;
