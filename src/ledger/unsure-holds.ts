import { findHold, holdsByAge, type HoldPlace } from "./hold-store.ts";

/**
 * Open holds of which this instance does not know that a tracker has their job. What it was told is not written down: a
 * new instance asks again, many holds in one call.
 */
export class UnsureHolds {
  readonly #sql: SqlStorage;
  readonly #known = new Set<string>();

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Their tracker has these jobs. */
  know(jobIds: readonly string[]): void {
    for (const id of jobIds) if (findHold(this.#sql, id)) this.#known.add(id);
  }

  ended(jobId: string): void {
    this.#known.delete(jobId);
  }

  /** Those admitted up to `until`, the oldest first. */
  due(until: number, limit: number): HoldPlace[] {
    const due: HoldPlace[] = [];
    for (const hold of holdsByAge(this.#sql)) {
      if (hold.admittedAt > until || due.length >= limit) break;
      if (!this.#known.has(hold.jobId)) due.push(hold);
    }
    return due;
  }

  /** When the oldest of them was admitted, or null. */
  oldest(): number | null {
    for (const hold of holdsByAge(this.#sql)) if (!this.#known.has(hold.jobId)) return hold.admittedAt;
    return null;
  }
}
