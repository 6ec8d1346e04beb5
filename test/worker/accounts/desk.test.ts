import fc from "fast-check";
import { expect, it } from "vitest";
import type { Limits } from "../../../src/accounts/allowance.ts";
import { PermitDesk } from "../../../src/accounts/permit-desk.ts";
import type { PermitCall, PermitReply } from "../../../src/accounts/types.ts";
import * as w from "./world.ts";

const T0 = 1_800_000_000_000;
const TWO: Limits = { videosPerMinute: null, concurrentTasks: 2 };
const tenant = (name: string): string => name.repeat(12).slice(0, 12);

const call = (name: string, ids: string[], change: Partial<PermitCall> = {}): PermitCall => ({
  account: "desk",
  tracker: { tenant: tenant(name), shard: 0 },
  weight: 1,
  jobs: ids.map((jobId, index) => ({ jobId, priority: 1, queuedAt: T0 + index, holds: null })),
  queue: true,
  spares: 8,
  ...change,
});

const jobsOf = (reply: PermitReply): (string | null)[] => reply.granted.map(({ jobId }) => jobId);

/** A desk of its own. */
const atDesk = <T>(work: (desk: PermitDesk, sql: SqlStorage) => T): Promise<T> =>
  w.inAccount(`desk-${w.hex(4)}`, (state) => work(new PermitDesk(state.storage), state.storage.sql));

it("grants as many as there is room for, the others wait in place; asking again changes nothing", () =>
  atDesk((desk) => {
    const ask = () => desk.request(call("a", ["1", "2", "3", "4"]), TWO, T0).reply;
    const first = ask();
    expect(jobsOf(first)).toEqual(["1", "2"]);
    expect(first.places).toEqual({
      "3": { position: 1, expectedStart: null },
      "4": { position: 2, expectedStart: null },
    });
    expect(ask()).toEqual(first);
    expect(desk.giveBack("desk", [{ id: 1, used: true }], TWO, T0).map(({ permit }) => permit.jobId)).toEqual(["3"]);
    expect(desk.giveBack("desk", [{ id: 1, used: true }], TWO, T0), "the same return twice").toEqual([]);
  }));

it("a tenant with one job is next, however many another has waiting", () =>
  atDesk((desk) => {
    const many = Array.from({ length: 1_000 }, (_, index) => `a${index}`);
    for (let from = 0; from < 1_000; from += 50) desk.request(call("a", many.slice(from, from + 50)), TWO, T0);
    const far = ["x1", "x2", "x3"].map((jobId) => ({ jobId, priority: 0, queuedAt: T0 + 5_000, holds: null }));
    const { places } = desk.request(call("a", [], { jobs: far }), TWO, T0).reply;
    expect(places["x3"]?.position, "the last of the line").toBe(1_001);
    const { reply } = desk.request(call("b", ["b0"]), TWO, T0);
    expect(reply.places["b0"]?.position).toBeLessThanOrEqual(2);
    const next = [1, 2].flatMap((id) => desk.giveBack("desk", [{ id, used: true }], TWO, T0 + 1));
    expect(next.map(({ permit }) => permit.jobId)).toContain("b0");
  }));

it("inside a tenant the higher priority goes first, then the older", () =>
  atDesk((desk) => {
    desk.request(call("a", ["1", "2"]), TWO, T0);
    const job = (jobId: string, priority: number, queuedAt: number) => ({ jobId, priority, queuedAt, holds: null });
    const jobs = [job("low", 0, 1), job("old", 1, 2), job("new", 1, 3), job("high", 2, 4)];
    const { reply } = desk.request(call("a", [], { jobs }), TWO, T0);
    const places = Object.entries(reply.places).toSorted((a, b) => a[1].position - b[1].position);
    expect(places.map(([id]) => id)).toEqual(["high", "old", "new", "low"]);
  }));

it("videos a minute: any sixty seconds from when the POST was seen, and none for a permit that was not used", () =>
  atDesk((desk) => {
    const limits: Limits = { videosPerMinute: 2, concurrentTasks: null };
    expect(jobsOf(desk.request(call("a", ["1", "2", "3"]), limits, T0).reply)).toEqual(["1", "2"]);
    desk.sent("desk", 1, T0 + 5_000);
    expect(desk.giveBack("desk", [{ id: 2, used: false }], limits, T0 + 6_000)[0]?.permit.jobId).toBe("3");
    desk.sent("desk", 3, T0 + 7_000);
    const ask = (now: number) => jobsOf(desk.request(call("a", ["4"]), limits, now).reply);
    expect(
      desk.giveBack(
        "desk",
        [1, 3].map((id) => ({ id, used: true })),
        limits,
        T0 + 8_000,
      ),
    ).toEqual([]);
    expect(ask(T0 + 60_000)).toEqual([]);
    expect(desk.nextAt(limits, T0 + 60_000)).toBe(T0 + 66_000);
    expect(ask(T0 + 66_000)).toEqual(["4"]);
  }));

it("after a 429 nobody is granted one before its time, which grows until a task is created", () =>
  atDesk((desk) => {
    desk.request(call("a", ["1"]), TWO, T0);
    desk.pushedBack("desk", 1, 30_000, T0);
    const ask = (id: string, now: number) => jobsOf(desk.request(call("a", [id]), TWO, now).reply);
    expect(ask("1", T0 + 29_999)).toEqual([]);
    expect(desk.nextAt(TWO, T0 + 1)).toBe(T0 + 30_000);
    expect(ask("1", T0 + 30_000)).toEqual(["1"]);
    desk.pushedBack("desk", 2, 0, T0 + 30_000);
    expect(ask("1", T0 + 31_999)).toEqual([]);
    expect(ask("1", T0 + 32_000)).toEqual(["1"]);
    desk.sent("desk", 3, T0 + 32_000);
    desk.pushedBack("desk", null, null, T0 + 33_000);
    expect(ask("2", T0 + 34_000)).toEqual(["2"]);
  }));

it("far from the limits a tracker gets some more for its next jobs, as many as it lacks; near them none", () =>
  atDesk((desk) => {
    const limits: Limits = { videosPerMinute: 64, concurrentTasks: 64 };
    const grantedTo = (name: string, spares: number) =>
      jobsOf(desk.request(call(name, [name], { spares }), limits, T0).reply);
    expect(grantedTo("a", 8), "a sixteenth of the limit").toEqual(["a", ...Array<null>(4).fill(null)]);
    expect(grantedTo("b", 1)).toEqual(["b", null]);
    expect(grantedTo("c", 0)).toEqual(["c"]);
    for (const name of ["d", "e", "f", "0", "1"]) grantedTo(name, 8);
    expect(grantedTo("2", 8), "half of it is out").toEqual(["2"]);
    expect(jobsOf(desk.request(call("3", ["3"]), TWO, T0).reply), "of a small account").toEqual([]);
  }));

it("POSTs that are refused together push back once", () =>
  atDesk((desk) => {
    desk.request(call("a", ["1", "2"]), TWO, T0);
    desk.pushedBack("desk", 1, null, T0);
    desk.pushedBack("desk", 2, null, T0 + 10);
    expect(jobsOf(desk.request(call("a", ["3"]), TWO, T0 + 1_010).reply)).toEqual(["3"]);
  }));

it("a job that waits here is granted once, also if it is only looked at", () =>
  atDesk((desk) => {
    desk.pushedBack("desk", null, 1_000, T0);
    desk.request(call("a", ["1"]), TWO, T0);
    expect(jobsOf(desk.request(call("a", ["1"], { queue: false }), TWO, T0 + 1_000).reply)).toEqual(["1"]);
  }));

it("a lease that ended is asked about, kept while its tracker does not answer, and freed by its word alone", () =>
  atDesk((desk) => {
    desk.request(call("a", ["1", "2", "3"]), TWO, T0);
    expect(desk.overdue("desk", T0 + 34_999)).toEqual([]);
    const asked = desk.overdue("desk", T0 + 35_000);
    expect(asked.map(({ id }) => id)).toEqual([1, 2]);
    expect(desk.overdue("desk", T0 + 36_000), "asked already").toEqual([]);
    expect(desk.grantNow("desk", TWO, T0 + 60_000)).toEqual([]);
    const answers = [{ id: 1, use: "sent" } as const, { id: 2, use: "free", used: false } as const];
    expect(desk.answered("desk", asked, answers, TWO, T0 + 70_000)[0]?.permit.jobId).toBe("3");
  }));

it("a permit whose job is unknown is freed after ten minutes of that, not if the task was found meanwhile", () =>
  atDesk((desk) => {
    desk.request(call("a", ["1", "2"]), TWO, T0);
    const unknown = [{ id: 1, use: "unknown", since: T0 } as const];
    const asked = desk.overdue("desk", T0 + 35_000);
    desk.answered("desk", asked, unknown, TWO, T0 + 35_000);
    expect(desk.overdue("desk", T0 + 599_999).map(({ id }) => id)).not.toContain(1);
    const again = desk.overdue("desk", T0 + 605_000);
    expect(again.map(({ id }) => id)).toContain(1);
    desk.request(call("b", ["9"]), TWO, T0 + 605_000);
    desk.sent("desk", 1, T0 + 605_000);
    expect(desk.answered("desk", again, unknown, TWO, T0 + 606_000), "an answer from before").toEqual([]);
    const last = desk.overdue("desk", T0 + 1_210_000);
    const freed = desk.answered("desk", last, unknown, TWO, T0 + 1_210_000);
    expect(freed.map(({ permit }) => permit.jobId)).toEqual(["9"]);
  }));

it("whatever is asked in whatever order, no limit is passed and the counters say what the rows say", async () => {
  const id = fc.integer({ min: 1, max: 40 });
  const step = fc.oneof(
    fc.record({
      do: fc.constant("ask" as const),
      tenant: fc.constantFrom("a", "b", "c"),
      job: fc.integer({ min: 0, max: 9 }),
      queue: fc.boolean(),
      weight: fc.integer({ min: 1, max: 3 }),
    }),
    fc.record({ do: fc.constant("return" as const), id, used: fc.boolean() }),
    fc.record({ do: fc.constant("sent" as const), id }),
    fc.record({ do: fc.constant("429" as const), id, after: fc.constantFrom(null, 5_000) }),
    fc.record({
      do: fc.constant("leave" as const),
      tenant: fc.constantFrom("a", "b", "c"),
      job: fc.integer({ min: 0, max: 9 }),
    }),
    fc.record({ do: fc.constant("unknown" as const), id }),
    fc.record({ do: fc.constant("later" as const), ms: fc.constantFrom(900, 20_000, 61_000, 700_000) }),
  );
  const limits: Limits = { videosPerMinute: 5, concurrentTasks: 3 };
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), (steps) =>
      atDesk((desk, sql) => {
        const count = (text: string): number => Number(sql.exec(`SELECT COUNT(*) AS n FROM ${text}`).one()["n"]);
        let now = T0;
        desk.grantNow("desk", limits, now);
        for (const s of steps) {
          if (s.do === "ask") desk.request(call(s.tenant, [`${s.tenant}${s.job}`], s), limits, now);
          else if (s.do === "return") desk.giveBack("desk", [s], limits, now);
          else if (s.do === "sent") desk.sent("desk", s.id, now);
          else if (s.do === "429") desk.pushedBack("desk", s.id, s.after, now);
          else if (s.do === "leave") desk.leave("desk", [`${s.tenant}${s.job}`], limits, now);
          else if (s.do === "unknown") {
            const asked = desk.overdue("desk", now);
            desk.answered("desk", asked, [{ id: s.id, use: "unknown", since: now }], limits, now);
          } else now += s.ms;
          const row = sql.exec("SELECT in_use, unsent FROM desk").one();
          expect(row).toEqual({ in_use: count("permits"), unsent: count("permits WHERE sent = 0") });
          expect(count("permits")).toBeLessThanOrEqual(3);
          const waiting = sql
            .exec("SELECT tenant, COUNT(*) AS n FROM waiting GROUP BY tenant ORDER BY tenant")
            .toArray();
          const turns = sql.exec("SELECT tenant, waiting AS n FROM turns WHERE waiting > 0 ORDER BY tenant").toArray();
          expect(turns).toEqual(waiting);
          // What may still be sent, and what was in the last minute, never more than the account's allowance.
          const sent = Number(
            sql.exec("SELECT COALESCE(SUM(posts), 0) AS n FROM sent WHERE second > ?", now / 1_000 - 60).one()["n"],
          );
          expect(sent + Number(row["unsent"])).toBeLessThanOrEqual(5);
          const idle = desk.nextAt(limits, now) === null;
          if (idle) expect(waiting.length === 0 && count("permits") === 0).toBe(true);
        }
      }),
    ),
    { numRuns: 150 },
  );
});
