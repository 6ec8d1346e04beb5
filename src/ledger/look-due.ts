import { earliest } from "../storage/alarm-clock.ts";
import { nextSweep } from "./idempotency-store.ts";
import { nextOnceSweep } from "./once-store.ts";
import type { UnsureHolds } from "./unsure-holds.ts";

/** When a hold that is not known to have a job, or a row that is past its time, wants the ledger's alarm; or null. */
export function lookDue(sql: SqlStorage, holds: UnsureHolds, holdAckMs: number): number | null {
  const oldest = holds.oldest();
  const now = Date.now();
  const unsure = oldest === null ? null : Math.min(Math.max(oldest + holdAckMs, now + holdAckMs / 4), now + holdAckMs);
  const sweep = earliest(nextSweep(sql), nextOnceSweep(sql));
  return earliest(unsure, sweep === null ? null : Math.max(sweep, now + holdAckMs));
}
