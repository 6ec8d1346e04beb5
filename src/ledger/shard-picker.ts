/** Open jobs that one tracker follows at most. */
export const JOBS_PER_SHARD = 64;

export const SHARDS_MAX = 65_536;

/**
 * Names the tracker for a new job: the lowest shard with room, so the number of trackers follows
 * the tenant's load. The counts mirror the hold rows and are read anew by each instance.
 */
export class ShardPicker {
  readonly #open: Map<number, number>;

  constructor(open: Map<number, number>) {
    this.#open = open;
  }

  pick(): number {
    for (let shard = 0; shard < SHARDS_MAX; shard++) {
      if ((this.#open.get(shard) ?? 0) < JOBS_PER_SHARD) return shard;
    }
    return SHARDS_MAX - 1;
  }

  opened(shard: number): void {
    this.#open.set(shard, (this.#open.get(shard) ?? 0) + 1);
  }

  closed(shard: number): void {
    const left = (this.#open.get(shard) ?? 0) - 1;
    if (left > 0) this.#open.set(shard, left);
    else this.#open.delete(shard);
  }
}
