import { MINUTE_MS, type Load } from "./allowance.ts";
import { CLOSED, type Circuit } from "./circuit.ts";

/** The account's one row, with the POSTs of the last minute. Times are epoch ms. */
export interface Desk extends Load {
  account: string;
  nextPermit: number;
  /** 429s in a row: the exponent of the back-off. */
  pushbacks: number;
  /** How far on the turn is: a tenant that begins to wait begins here. */
  turn: number;
  /** When somebody who waited was last granted a permit, and the smoothed time between two of these. */
  grantedAt: number | null;
  gapMs: number | null;
  circuit: Circuit;
  /** Whether D1 CONTROL has the circuit's state. */
  circuitTold: boolean;
}

/** Null: nothing was asked of this account yet. */
export function readDesk(sql: SqlStorage, now: number): Desk | null {
  const row = sql.exec("SELECT * FROM desk WHERE id = 1").toArray()[0];
  if (!row) return null;
  const since = Math.floor((now - MINUTE_MS) / 1_000) - 1;
  const sent = sql
    .exec<{ second: number; posts: number }>("SELECT second, posts FROM sent WHERE second >= ? ORDER BY second", since)
    .toArray();
  return {
    account: String(row["account"]),
    nextPermit: Number(row["next_permit"]),
    inUse: Number(row["in_use"]),
    unsent: Number(row["unsent"]),
    sent,
    blockedUntil: Number(row["blocked_until"]),
    pushbacks: Number(row["pushbacks"]),
    turn: Number(row["turn"]),
    grantedAt: row["granted_at"] === null ? null : Number(row["granted_at"]),
    gapMs: row["gap_ms"] === null ? null : Number(row["gap_ms"]),
    circuit: row["circuit"] === null ? CLOSED : (JSON.parse(String(row["circuit"])) as Circuit),
    circuitTold: row["circuit_told"] === 1,
  };
}

export function makeDesk(sql: SqlStorage, account: string): void {
  sql.exec("INSERT INTO desk (id, account) VALUES (1, ?) ON CONFLICT DO NOTHING", account);
}

export function writeDesk(sql: SqlStorage, desk: Desk): void {
  sql.exec(
    `UPDATE desk SET next_permit = ?, in_use = ?, unsent = ?, blocked_until = ?, pushbacks = ?, turn = ?,
       granted_at = ?, gap_ms = ? WHERE id = 1`,
    desk.nextPermit,
    desk.inUse,
    desk.unsent,
    desk.blockedUntil,
    desk.pushbacks,
    desk.turn,
    desk.grantedAt,
    desk.gapMs,
  );
}

export function writeCircuit(sql: SqlStorage, circuit: Circuit, told: boolean): void {
  sql.exec("UPDATE desk SET circuit = ?, circuit_told = ? WHERE id = 1", JSON.stringify(circuit), Number(told));
}

/** Counts a POST that was made at about this time, and forgets those of over a minute ago. */
export function countPost(sql: SqlStorage, at: number): void {
  const second = Math.floor(at / 1_000);
  sql.exec("INSERT INTO sent VALUES (?, 1) ON CONFLICT (second) DO UPDATE SET posts = posts + 1", second);
  sql.exec("DELETE FROM sent WHERE second < ?", second - MINUTE_MS / 1_000 - 1);
}
