import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { OVER } from "../../../src/timing/at-most.ts";
import { Deadlines } from "../../../src/timing/deadlines.ts";

/** Ends only by its signal, with its reason. */
const hanging = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error)));

const failureOf = (work: Promise<unknown>): Promise<unknown> => work.then(() => null).catch((error: unknown) => error);

beforeEach(() => void vi.useFakeTimers({ now: 1_800_000_000_030 }));
afterEach(() => void vi.useRealTimers());

describe("the time limits of what an object has under way", () => {
  it("end each by its own, a tenth of a second late at most", async () => {
    const deadlines = new Deadlines();
    const ended: string[] = [];
    const begin = (name: string, ms: number): void =>
      void failureOf(deadlines.within(ms, hanging)).then(() => ended.push(name));
    begin("long", 1_000);
    begin("short", 250);
    begin("at once", 20);
    await vi.advanceTimersByTimeAsync(20);
    expect(ended).toEqual(["at once"]);
    await vi.advanceTimersByTimeAsync(229);
    expect(ended, "not before its time").toEqual(["at once"]);
    await vi.advanceTimersByTimeAsync(100);
    expect(ended).toEqual(["at once", "short"]);
    await vi.advanceTimersByTimeAsync(650);
    expect(ended).toEqual(["at once", "short"]);
    await vi.advanceTimersByTimeAsync(101);
    expect(ended).toEqual(["at once", "short", "long"]);
  });

  it("say that the time was over as AbortSignal.timeout says it", async () => {
    const failure = failureOf(new Deadlines().within(10, hanging));
    await vi.advanceTimersByTimeAsync(10);
    expect(await failure).toMatchObject({ name: "TimeoutError" });
  });

  it("are met by one timer where they are near each other, which goes with the last of them", async () => {
    const deadlines = new Deadlines();
    const gates = [1, 2, 3].map(() => Promise.withResolvers<string>());
    const works = gates.map(({ promise }, index) => deadlines.within(60_000 + index, () => promise));
    expect(vi.getTimerCount()).toBe(1);
    gates[0]?.resolve("first");
    gates[1]?.reject(new Error("second"));
    expect(await works[0]).toBe("first");
    expect(await failureOf(works[1] ?? Promise.resolve())).toMatchObject({ message: "second" });
    expect(vi.getTimerCount()).toBe(1);
    gates[2]?.resolve("third");
    expect(await works[2]).toBe("third");
    expect(vi.getTimerCount(), "a timer keeps an object awake").toBe(0);
  });

  it("leave what comes at a time that is over its own whole time", async () => {
    const deadlines = new Deadlines();
    const late = Promise.withResolvers<string>();
    const never = new Promise<never>(() => undefined);
    // It does not end when its signal aborts.
    const first = deadlines.within(1_070, () => late.promise);
    await vi.advanceTimersByTimeAsync(1_070);
    const second = deadlines.atMost(never, 0);
    const third = deadlines.atMost(never, 50);
    late.resolve("first");
    expect(await first).toBe("first");
    expect(vi.getTimerCount(), "those of the others").toBe(2);
    await vi.advanceTimersByTimeAsync(0);
    expect(await second).toBe(OVER);
    await vi.advanceTimersByTimeAsync(50);
    expect(await third).toBe(OVER);
  });

  it("are kept within what was allowed, where somebody else waits for the answer", async () => {
    const deadlines = new Deadlines();
    const waited = deadlines.atMost(new Promise<never>(() => undefined), 1_050);
    await vi.advanceTimersByTimeAsync(1_050);
    expect(await Promise.race([waited, "still waits"])).toBe(OVER);
  });

  it("give an answer that came in time", async () => {
    const deadlines = new Deadlines();
    expect(await deadlines.atMost(Promise.resolve("answer"), 0)).toBe("answer");
    expect(await deadlines.within(500, async (signal) => signal.aborted)).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });
});
