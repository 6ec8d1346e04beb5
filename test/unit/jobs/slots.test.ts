import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Slots } from "../../../src/jobs/slots.ts";

/** Work that ends when told. */
function task(): { run: () => Promise<void>; end: () => void; fail: () => void; started: () => boolean } {
  const done = Promise.withResolvers<void>();
  let started = false;
  return {
    run: () => ((started = true), done.promise),
    end: () => done.resolve(),
    fail: () => done.reject(new Error("broke")),
    started: () => started,
  };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("slots", () => {
  it("runs at most as many at once as there are slots, in the order of asking", async () => {
    const slots = new Slots(2);
    const tasks = [task(), task(), task(), task()];
    const runs = tasks.map((t) => slots.run(t.run));
    await settle();
    expect(tasks.map((t) => t.started())).toEqual([true, true, false, false]);
    tasks[1]?.end();
    await settle();
    expect(tasks.map((t) => t.started())).toEqual([true, true, true, false]);
    for (const t of tasks) t.end();
    await Promise.all(runs);
    expect(slots.peak).toBe(2);
  });

  it("hands a slot on to the one that waits, not to a newcomer", async () => {
    const slots = new Slots(1);
    const [first, waiting, newcomer] = [task(), task(), task()];
    const one = slots.run(first.run);
    const two = slots.run(waiting.run);
    first.end();
    await one;
    const three = slots.run(newcomer.run);
    await settle();
    expect([waiting.started(), newcomer.started()]).toEqual([true, false]);
    waiting.end();
    newcomer.end();
    await Promise.all([two, three]);
    expect(slots.peak).toBe(1);
  });

  it("gives a slot back when the work throws, and passes the error on", async () => {
    const slots = new Slots(1);
    const broken = task();
    const run = slots.run(broken.run);
    broken.fail();
    await expect(run).rejects.toThrow("broke");
    await expect(slots.run(async () => 7)).resolves.toBe(7);
  });

  it("never exceeds its limit, whatever ends when", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 6 }),
        fc.array(fc.nat(3), { maxLength: 40 }),
        async (limit, lengths) => {
          const slots = new Slots(limit);
          let atOnce = 0;
          let peak = 0;
          const work = async (ticks: number): Promise<void> => {
            peak = Math.max(peak, (atOnce += 1));
            for (let i = 0; i <= ticks; i++) await Promise.resolve();
            atOnce -= 1;
            if (ticks === 3) throw new Error("broke");
          };
          await Promise.allSettled(lengths.map((ticks) => slots.run(() => work(ticks))));
          expect(atOnce).toBe(0);
          expect(peak).toBe(slots.peak);
          expect(peak).toBe(Math.min(limit, lengths.length));
        },
      ),
      { numRuns: 200 },
    );
  });
});
