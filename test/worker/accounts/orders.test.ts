import fc from "fast-check";
import { expect, it } from "vitest";
import { testEnv } from "../../support/test-env.ts";
import { JOBS, LIMITS, Orders, type Outcome } from "./orders-model.ts";
import * as w from "./world.ts";

const RUNS_MAX = 300;

const place = fc.nat({ max: JOBS - 1 });
const outcome = fc.constantFrom<Outcome>("created", "refused", "busy", "too_many", "lost");
const how = fc.constantFrom("once" as const, "once" as const, "once" as const, "again" as const, "lost" as const);

/** One thing that happens; the post and the clock go on between any two of them. */
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant("ask" as const), place, queue: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("send" as const), place }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("answer" as const), place, outcome }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("find" as const), place }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("end" as const), place }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("return" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("ring" as const) }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant("deliver" as const), index: fc.nat({ max: 11 }), how }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("later" as const), ms: fc.constantFrom(1_500, 29_000, 36_000, 610_000) }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

function take(o: Orders, s: Step): void {
  if (s.do === "ask") o.ask(s.place, s.queue);
  else if (s.do === "send") o.send(s.place);
  else if (s.do === "answer") o.answer(s.place, s.outcome);
  else if (s.do === "find") o.find(s.place);
  else if (s.do === "end") o.end(s.place);
  else if (s.do === "return") o.giveBack();
  else if (s.do === "ring") o.ring();
  else if (s.do === "deliver") o.deliver(s.index, s.how);
  else o.now += s.ms;
}

const orders = <T>(play: (o: Orders) => T): Promise<T> =>
  w.inAccount(`orders-${w.hex(4)}`, ({ storage }) => play(new Orders(storage, [0, 0])));

it("a request that the grant of its job, the POST and the claim have overtaken frees nothing", () =>
  orders((o) => {
    o.ask(0, true);
    o.ask(0, true);
    o.deliver(1, "once");
    o.deliver(1, "once");
    o.send(0);
    o.answer(0, "created");
    o.deliver(1, "once");
    expect(o.permitsInUse()).toEqual(o.permitsOut());
    o.deliver(0, "once");
    expect(o.permitsInUse()).toEqual([1]);
    expect(o.permitsOut()).toContain(1);
  }));

it("a permit that was returned is not used when its grant comes once more", () =>
  orders((o) => {
    o.ask(0, true);
    o.deliver(0, "once");
    o.deliver(0, "again");
    o.send(0);
    o.answer(0, "busy");
    o.giveBack();
    o.deliver(1, "once");
    o.deliver(1, "once");
    expect(o.permitsOut()).toEqual([]);
    o.deliver(0, "once");
    o.send(0);
    expect(o.permitsInUse()).toEqual([]);
  }));

it("a permit that was freed while its job was unknown is taken again when the task is found, above the limit too", () =>
  orders((o) => {
    const deliverAll = () => {
      for (let count = 0; count < 8; count++) o.deliver(0, "once");
    };
    for (const place of [0, 1, 2]) o.ask(place, true);
    deliverAll();
    for (const place of [0, 1]) o.send(place);
    for (const place of [0, 1]) o.answer(place, "lost");
    for (const ms of [36_000, 610_000]) {
      o.now += ms;
      o.ring();
      deliverAll();
    }
    o.ask(2, true);
    deliverAll();
    o.send(2);
    o.answer(2, "created");
    deliverAll();
    expect(o.permitsOut()).toEqual([3]);
    for (const place of [0, 1]) o.find(place);
    deliverAll();
    expect(o.permitsOut()).toEqual([1, 2, 3]);
    o.ask(3, true);
    deliverAll();
    o.end(0);
    o.giveBack();
    deliverAll();
    expect(o.permitsOut(), "two run: no room yet").toEqual([2, 3]);
    o.end(1);
    o.giveBack();
    deliverAll();
    expect(o.permitsOut()).toEqual([3, 4]);
  }));

it("in whatever order messages come, late, twice or never: a permit that is used is never freed, nor used beyond the limit", async () => {
  const { runs, seed } = testEnv.TEST_HISTORIES;
  // Trackers' clocks may be five seconds off.
  const skews = fc.tuple(fc.integer({ min: -4_500, max: 4_500 }), fc.integer({ min: -4_500, max: 4_500 }));
  await fc.assert(
    fc.asyncProperty(skews, fc.array(step, { minLength: 30, maxLength: 120, size: "max" }), (clocks, steps) =>
      w.inAccount(`orders-${w.hex(4)}`, ({ storage }) => {
        const o = new Orders(storage, clocks);
        for (const s of steps) {
          take(o, s);
          const out = o.permitsOut();
          const used = o.permitsInUse();
          expect(
            used.filter((id) => !out.includes(id)),
            "used, but free at the account",
          ).toEqual([]);
          expect(o.permitsInUse(true).length).toBeLessThanOrEqual(LIMITS.concurrentTasks ?? 0);
        }
        o.settle();
        expect(o.permitsOut(), "left over at the end").toEqual([]);
      }),
    ),
    {
      numRuns: Math.min(runs, RUNS_MAX),
      // What failed is reported as far as it was shrunk by then.
      interruptAfterTimeLimit: 45_000,
      markInterruptAsFailure: false,
      ...(seed === null ? {} : { seed }),
    },
  );
});
