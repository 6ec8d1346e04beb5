import { describe, expect, it } from "vitest";
import { hasPlenty, nextRoomAt, roomFor, type Load } from "../../../src/accounts/allowance.ts";

const NOW = 1_000_000_000;
const SECOND = NOW / 1_000;
const load = (change: Partial<Load> = {}): Load => ({ inUse: 0, unsent: 0, sent: [], blockedUntil: 0, ...change });
const BRONZE = { videosPerMinute: 2, concurrentTasks: 2 };

describe("room", () => {
  it.each([
    ["nothing used", load(), 2],
    ["one task", load({ inUse: 1 }), 1],
    ["one that may be sent any time counts in the minute too", load({ inUse: 1, unsent: 1 }), 1],
    ["two tasks", load({ inUse: 2 }), 0],
    ["more tasks than allowed, after a limit was lowered", load({ inUse: 5 }), 0],
    ["two POSTs in the minute, no task any more", load({ sent: [{ second: SECOND, posts: 2 }] }), 0],
    ["a POST 59 s ago still counts", load({ sent: [{ second: SECOND - 59, posts: 2 }] }), 0],
    ["one of 61 s ago does not", load({ sent: [{ second: SECOND - 61, posts: 2 }] }), 2],
    ["asked to be left alone", load({ blockedUntil: NOW + 1 }), 0],
    ["the time is over", load({ blockedUntil: NOW }), 2],
  ])("%s", (_name, given, room) => {
    expect(roomFor(given, BRONZE, NOW)).toBe(room);
  });

  it("only what is limited counts", () => {
    const busy = load({ inUse: 9, sent: [{ second: SECOND, posts: 9 }] });
    expect(roomFor(busy, { videosPerMinute: null, concurrentTasks: 10 }, NOW)).toBe(1);
    expect(roomFor(busy, { videosPerMinute: 10, concurrentTasks: null }, NOW)).toBe(1);
    expect(roomFor(busy, { videosPerMinute: null, concurrentTasks: null }, NOW)).toBe(Infinity);
  });
});

describe("when there is room", () => {
  it.each([
    ["when the block ends", load({ blockedUntil: NOW + 5_000 }), NOW + 5_000],
    ["when the oldest POST leaves the minute", load({ sent: [{ second: SECOND - 30, posts: 2 }] }), NOW + 31_000],
    ["now, where there is some", load({ inUse: 1 }), NOW],
    ["not while all tasks run", load({ inUse: 2, sent: [{ second: SECOND, posts: 2 }] }), null],
  ])("%s", (_name, given, at) => {
    expect(nextRoomAt(given, BRONZE, NOW)).toBe(at);
    if (at !== null) expect(roomFor(given, BRONZE, at)).toBeGreaterThan(0);
    if (at !== null && at > NOW) expect(roomFor(given, BRONZE, at - 1)).toBe(0);
  });
});

it("there is plenty while more than half of every limit is free", () => {
  const limits = { videosPerMinute: 100, concurrentTasks: 10 };
  expect(hasPlenty(load({ inUse: 4 }), limits, NOW)).toBe(true);
  expect(hasPlenty(load({ inUse: 5 }), limits, NOW)).toBe(false);
  expect(hasPlenty(load({ sent: [{ second: SECOND, posts: 50 }] }), limits, NOW)).toBe(false);
  expect(hasPlenty(load({ blockedUntil: NOW + 1 }), limits, NOW)).toBe(false);
});
