import { toDelivery } from "./delivery-store.ts";
import type { Delivery } from "./types.ts";

/** Receivers that one look walks over. */
export const HOSTS_MAX = 500;

export interface HostQueue {
  host: string;
  /** When the first of its deliveries is due. */
  nextAt: number;
}

/**
 * Hosts that something waits for, in turns: those after `after` first; `HOSTS_MAX` at most, and the next look is to go
 * on after the last of them. Each step is one look into the index, so that a long queue costs no more than a short one.
 */
export function waitingHosts(sql: SqlStorage, after: string): HostQueue[] {
  const behind = hostsFrom(sql, after, HOSTS_MAX);
  const before = after === "" ? [] : hostsFrom(sql, "", HOSTS_MAX - behind.length);
  return [...behind, ...before.filter(({ host }) => host <= after)];
}

function hostsFrom(sql: SqlStorage, after: string, limit: number): HostQueue[] {
  const hosts: HostQueue[] = [];
  while (hosts.length < limit) {
    const [row] = sql
      .exec(
        "SELECT host, next_at FROM deliveries WHERE next_at IS NOT NULL AND host > ? ORDER BY host, next_at LIMIT 1",
        hosts.at(-1)?.host ?? after,
      )
      .toArray();
    if (!row) break;
    hosts.push({ host: String(row["host"]), nextAt: Number(row["next_at"]) });
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
