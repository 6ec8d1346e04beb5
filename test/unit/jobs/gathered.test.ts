import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Gathered } from "../../../src/jobs/gathered.ts";

describe("what several jobs ask of one object", () => {
  const calls: number[][] = [];
  let fails = (_items: number[]): boolean => false;
  const double = new Gathered<number, number>(async (items) => {
    calls.push(items);
    if (fails(items)) throw new Error("away");
    return items.map((n) => n * 2);
  });

  beforeEach(() => {
    calls.length = 0;
    fails = () => false;
    vi.stubGlobal("scheduler", { wait: async () => undefined });
  });
  afterEach(() => vi.unstubAllGlobals());

  it("goes in one call, and each gets its own answer", async () => {
    expect(await Promise.all([1, 2, 3].map((n) => double.ask(n)))).toEqual([2, 4, 6]);
    expect(calls).toEqual([[1, 2, 3]]);
    expect(await double.ask(4)).toBe(8);
    expect(calls).toHaveLength(2);
  });

  it("goes soon where a client waits for it, with what waits by then, and only once", async () => {
    const waits: { ms: number; over: () => void }[] = [];
    const wait = (ms: number): Promise<void> => new Promise((over) => waits.push({ ms, over }));
    vi.stubGlobal("scheduler", { wait });
    // Under load, so shortly after another.
    const first = double.ask(1);
    waits[0]?.over();
    await first;
    const others = [double.ask(2), double.ask(3, true)];
    expect(waits.slice(1).map(({ ms }) => ms)).toEqual([100, 2]);
    waits[2]?.over();
    expect(await Promise.all(others)).toEqual([4, 6]);
    waits[1]?.over();
    await Promise.resolve();
    expect(calls).toEqual([[1], [2, 3]]);
  });

  it("of which one cannot be done does not keep the others from theirs", async () => {
    fails = (items) => items.includes(2);
    const answers = await Promise.allSettled([1, 2, 3].map((n) => double.ask(n)));
    expect(answers.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(calls).toEqual([[1, 2, 3], [1], [2], [3]]);
  });

  it("is not asked once more of an object that has too much to do", async () => {
    const busy = new Gathered<number, number>(async (items) => {
      calls.push(items);
      throw Object.assign(new Error("overloaded"), { overloaded: true });
    });
    const answers = await Promise.allSettled([1, 2, 3].map((n) => busy.ask(n)));
    expect(answers.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    expect(calls).toEqual([[1, 2, 3]]);
  });

  it("is cut into calls of 50", async () => {
    await Promise.all(Array.from({ length: 120 }, (_, n) => double.ask(n)));
    expect(calls.map((items) => items.length)).toEqual([50, 50, 20]);
  });

  it("is an error where the answer lacks one", async () => {
    const lacking = new Gathered<number, number>(async () => []);
    await expect(lacking.ask(1)).rejects.toThrow("left one out");
  });
});
