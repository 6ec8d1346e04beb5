import { describe, expect, it } from "vitest";
import { JOBS_PER_SHARD, SHARDS_MAX, ShardPicker } from "../../../src/ledger/shard-picker.ts";

const T0 = 1_000_000;

/** Opens one job after the other and says where each went. */
function open(picker: ShardPicker, jobs: number, startMs: number, everyMs = 0): number[] {
  return Array.from({ length: jobs }, (_, n) => {
    const now = T0 + n * everyMs;
    const shard = picker.pick(now, startMs);
    picker.opened(shard, now);
    return shard;
  });
}

const most = (shards: number[]): number =>
  Math.max(
    ...Map.groupBy(shards, (shard) => shard)
      .values()
      .map((s) => s.length),
  );

describe("which tracker follows a new job", () => {
  it("one, as long as jobs come slower than they are sent", () => {
    expect(new Set(open(new ShardPicker(new Map()), 40, 1_000, 500))).toEqual(new Set([0]));
  });

  it("a burst of 40 goes to ten: none has more to send at once than it has connections", () => {
    const shards = open(new ShardPicker(new Map()), 40, 1_000);
    expect(new Set(shards).size).toBe(10);
    expect(most(shards)).toBe(4);
  });

  it("a burst goes to one where starts are answered at once, until it follows 64 jobs", () => {
    const shards = open(new ShardPicker(new Map()), JOBS_PER_SHARD + 1, 1, 2);
    expect(most(shards)).toBe(JOBS_PER_SHARD);
    expect(shards.at(-1)).toBe(1);
  });

  it("the lowest again, once starts must have been answered, however long they take", () => {
    const picker = new ShardPicker(new Map());
    open(picker, 8, 600_000);
    expect(picker.pick(T0 + 1, 600_000)).toBe(2);
    expect(picker.pick(T0 + 5_001, 600_000)).toBe(0);
  });

  it("counts what is open from before, and what has ended since", () => {
    const picker = new ShardPicker(new Map([[0, JOBS_PER_SHARD]]));
    expect(picker.pick(T0, 0)).toBe(1);
    picker.closed(0);
    expect(picker.pick(T0, 0)).toBe(0);
  });

  it("the last one where all are full", () => {
    const full = new Map(Array.from({ length: SHARDS_MAX }, (_, shard) => [shard, JOBS_PER_SHARD]));
    expect(new ShardPicker(full).pick(T0, 0)).toBe(SHARDS_MAX - 1);
  });
});
