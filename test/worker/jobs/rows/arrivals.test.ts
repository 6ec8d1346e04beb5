import { describe, expect, it, vi } from "vitest";
import type { JobState } from "../../../../src/jobs/job.ts";
import { ARRIVALS, type Ask } from "../../../../src/jobs/machine/arrival.ts";
import { PayloadStore } from "../../../../src/jobs/payload-store.ts";
import type { StartRequest } from "../../../../src/jobs/types.ts";
import { ROUTE } from "../../../support/route.ts";
import * as w from "../world.ts";
import { JOB_IN } from "./ignored.ts";
import { moneyOf } from "./play-scenario.ts";
import { stoppedAt, submitted, type Submitted } from "./scenario.ts";

/** Held, and no tracker has heard of it. */
const accepted = (): Promise<Submitted> => stoppedAt("after_reserve", () => submitted("delay=1h"));

/** As the edge starts it, now or once more. */
async function startOf({ world, id, text }: Submitted): Promise<StartRequest> {
  const [hold] = await w.entriesOf(world, id);
  if (hold?.kind !== "hold") throw new Error("there is no hold");
  const input = new TextEncoder().encode(JSON.stringify({ prompt: text, duration: 5 }));
  const { job } = hold;
  return { tenant: world.tenant, job, input, inputHash: "f".repeat(64), route: ROUTE, keepInputMs: 0, waitMs: 2_000 };
}

const start = async (job: Submitted) => w.tracker(job.id).start(await startOf(job));

const voidIt = ({ id }: Submitted) => w.tracker(id).voidUnstarted([id]);

const stands = async (job: Submitted) => ({ row: await w.rowOf(job.id), money: await moneyOf(job) });

const HELD = { balance: { captured: 0, held: w.PRICE }, entries: ["hold"] };

/** By what the tracker has and what it is asked: each question that there is. */
const ASKED: Record<keyof typeof ARRIVALS, Record<Ask, () => Promise<void>>> = {
  accepted: {
    start: async () => {
      const job = await accepted();
      expect(await moneyOf(job)).toEqual(HELD);
      await stoppedAt("after_post", async () => {
        expect(await start(job)).toMatchObject({ state: "submitting" });
        return job;
      });
      expect(await stands(job)).toMatchObject({ row: { state: "submitting", settlement: null }, money: HELD });
    },
    start_without_room: async () => {
      const world = await w.newWorld();
      const text = w.prompt("delay=1h");
      const id = await withoutRoom(() => w.submit(world, text));
      const money = { balance: { captured: 0, held: 0 }, entries: ["hold", "release"] };
      expect(await stands({ world, id, text })).toMatchObject({ row: { state: "void", settlement: null }, money });
      expect(await w.tasksOf(text)).toEqual([]);
    },
    void_unstarted: async () => {
      const job = await accepted();
      expect(await moneyOf(job)).toEqual(HELD);
      await w.ledgerAlarm(job.world.tenant);
      const money = { balance: { captured: 0, held: 0 }, entries: ["hold", "release"] };
      expect(await stands(job)).toMatchObject({ row: { state: "void", settlement: null }, money });
      expect((await w.entriesOf(job.world, job.id)).at(-1)).toMatchObject({ outcome: "never_sent" });
    },
  },
  known: {
    start: () =>
      inEveryState(async (job, state) => {
        expect(await start(job), state).toMatchObject({ id: job.id, state });
      }),
    start_without_room: () =>
      inEveryState(async (job, state) => {
        expect(await withoutRoom(() => start(job)), state).toMatchObject({ id: job.id, state });
      }),
    void_unstarted: () =>
      inEveryState(async (job, state) => {
        expect(await voidIt(job), state).toEqual({ known: [job.id], voided: [] });
      }),
  },
  void: {
    start: () => asTombstone(async (job) => expect(await start(job)).toBeNull()),
    start_without_room: () => asTombstone(async (job) => expect(await withoutRoom(() => start(job))).toBeNull()),
    void_unstarted: () =>
      asTombstone(async (job) => expect(await voidIt(job)).toEqual({ known: [], voided: [job.id] })),
  },
};

/** No tracker has room for another body meanwhile. */
async function withoutRoom<T>(work: () => Promise<T>): Promise<T> {
  const full = vi.spyOn(PayloadStore.prototype, "hasRoom").mockReturnValue(false);
  try {
    return await work();
  } finally {
    full.mockRestore();
  }
}

async function inEveryState(ask: (job: Submitted, state: JobState) => Promise<void>): Promise<void> {
  const asked: string[] = [];
  for (const [state, make] of Object.entries(JOB_IN) as [JobState, () => Promise<Submitted>][]) {
    if (state === "void") continue;
    const job = await make();
    const before = await stands(job);
    await ask(job, state);
    expect(await stands(job), state).toEqual(before);
    asked.push(state);
  }
  expect(asked).toHaveLength(8);
}

async function asTombstone(ask: (job: Submitted) => Promise<void>): Promise<void> {
  const job = await JOB_IN.void();
  const before = await stands(job);
  await ask(job);
  expect(await stands(job)).toEqual(before);
  expect(before.row.state).toBe("void");
}

describe("what makes a job's row", () => {
  const cells = Object.entries(ASKED).flatMap(([has, asks]) =>
    Object.entries(asks).map(([ask, play]) => [`${has}/${ask}`, play] as const),
  );

  it("has nine rows, each of them played", () => {
    const rows = Object.entries(ARRIVALS).flatMap(([has, asks]) => Object.keys(asks).map((ask) => `${has}/${ask}`));
    expect(cells.map(([id]) => id)).toEqual(rows);
  });

  it.each(cells)("%s", (_id, play) => play());
});
