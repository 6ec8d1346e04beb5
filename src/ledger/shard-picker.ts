/** Open jobs that one tracker follows at most. */
export const JOBS_PER_SHARD = 64;

export const SHARDS_MAX = 65_536;

/** New jobs that one tracker sends at once: it has so many connections for POSTs. */
const SENT_AT_ONCE = 4;

/** A start is counted as under way for this much longer than starts take, and no longer than this. */
const START_SLACK = 1.5;
const START_MS_MAX = 5_000;

/** Where nobody knows how long they take. */
const START_MS = 1_000;

/**
 * Names the tracker for a new job: the lowest shard with room among its open jobs and for one more POST, so the number of
 * trackers follows the tenant's load, and a burst does not wait for one tracker's connections. The counts of open jobs
 * mirror the hold rows and are read anew by each instance; what is being sent is an estimate, and may be wrong.
 */
export class ShardPicker {
  readonly #open: Map<number, number>;
  /** The newest jobs, oldest first. */
  #starts: { shard: number; at: number }[] = [];

  constructor(open: Map<number, number>) {
    this.#open = open;
  }

  /** `startMs`: how long a tracker takes to answer a start, as the edge has lately seen it. */
  pick(now: number, startMs = START_MS): number {
    const since = now - Math.min(startMs * START_SLACK, START_MS_MAX);
    this.#starts = this.#starts.filter(({ at }) => at > since);
    const sending = new Map<number, number>();
    for (const { shard } of this.#starts) sending.set(shard, (sending.get(shard) ?? 0) + 1);
    const hasRoom = (shard: number): boolean => (this.#open.get(shard) ?? 0) < JOBS_PER_SHARD;
    for (let shard = 0; shard < SHARDS_MAX; shard++) {
      if (hasRoom(shard) && (sending.get(shard) ?? 0) < SENT_AT_ONCE) return shard;
    }
    return SHARDS_MAX - 1;
  }

  opened(shard: number, now: number): void {
    this.#open.set(shard, (this.#open.get(shard) ?? 0) + 1);
    this.#starts.push({ shard, at: now });
  }

  closed(shard: number): void {
    const left = (this.#open.get(shard) ?? 0) - 1;
    if (left > 0) this.#open.set(shard, left);
    else this.#open.delete(shard);
  }
}
