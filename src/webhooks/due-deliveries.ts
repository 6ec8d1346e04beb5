import { toDelivery } from "./delivery-store.ts";
import type { Delivery } from "./types.ts";

/** Receivers that one look walks over; the next look goes on after them. */
const HOSTS_MAX = 200;

export interface HostQueue {
  host: string;
  /** When the first of its deliveries is due. */
  nextAt: number;
}

/**
 * Hosts that something waits for, in turns: those after `after` first. Each step is one look into the index, so that
 * a host with a long queue costs no more than one with a short one.
 */
export function waitingHosts(sql: SqlStorage, after: string): HostQueue[] {
  const hosts: HostQueue[] = [];
  for (const [from, to] of [
    [after, null],
    ["", after],
  ] as const) {
    let last: string = from;
    while (hosts.length < HOSTS_MAX) {
      const [row] = sql
        .exec(
          `SELECT host, next_at FROM deliveries WHERE next_at IS NOT NULL AND host > ?
             ORDER BY host, next_at LIMIT 1`,
          last,
        )
        .toArray();
      if (!row) break;
      last = String(row["host"]);
      if (to !== null && last > to) break;
      hosts.push({ host: last, nextAt: Number(row["next_at"]) });
    }
  }
  return hosts;
}

/** What is due for one host, the longest first, without those that are on their way. */
export function dueOf(sql: SqlStorage, host: string, now: number, busy: ReadonlySet<string>): Delivery | null {
  return (
    sql
      .exec<Record<string, SqlStorageValue>>(
        "SELECT * FROM deliveries WHERE next_at <= ?2 AND host = ?1 ORDER BY next_at LIMIT ?3",
        host,
        now,
        busy.size + 1,
      )
      .toArray()
      .map(toDelivery)
      .find(({ id }) => !busy.has(id)) ?? null
  );
}
