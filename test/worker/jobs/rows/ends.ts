import { expect, vi } from "vitest";
import type { JobState } from "../../../../src/jobs/job.ts";
import { WaveSpeed } from "../../../../src/upstream/wavespeed.ts";
import * as w from "../world.ts";
import { away, DAY, expiredJob, neverSentJob, queuedJob, strayTask, submitted } from "./scenario.ts";
import type { Scenario, Submitted } from "./scenario.ts";

const ring = ({ id }: Submitted) => w.ring(id);

/** The ledger is told of an end. */
const told = (state: JobState, action: "capture" | "release") => ({
  before: { state, settlement: expect.objectContaining({ action }), settled: null },
  after: { state, settled: action, settledAt: expect.any(Number) as number },
  money: ["held", action === "capture" ? "captured" : "released"] as Scenario["money"],
});

const LOOKED_AT_AGAIN = { nextAt: expect.any(Number) as number, upstreamId: expect.any(String) as string };
const NO_MORE = { nextAt: null, upstreamId: expect.any(String) as string };
const LOSS = { state: "completed", loss: expect.any(String), result: expect.anything() } as const;

type Given = Pick<Scenario, "given" | "when">;

/** What becomes of a late task, for each answer. `given`: a job that was given up, and how its task is looked at. */
function late(state: "failed" | "expired", given: (faults: string, monthOld: boolean) => Given) {
  const row = (faults: string, after: Scenario["after"], monthOld = false): Scenario => ({
    ...given(faults, monthOld),
    before: { state },
    after,
    money: ["released", "released"],
  });
  const place = `${state}/polled_late`;
  const AWAY = "delay=1h, poll.http=503";
  const ODD = "delay=0s, end_status=pondering";
  return {
    [`${place}:working/month-old`]: row("delay=1h", { state, ...NO_MORE }, true),
    [`${place}:working`]: row("delay=1h", { state, ...LOOKED_AT_AGAIN }),
    [`${place}:completed`]: row("delay=0s", LOSS),
    [`${place}:failed`]: row("delay=0s, fail", { state, ...NO_MORE }),
    [`${place}:ended_unpriced/month-old`]: row("delay=0s, end=cancelled", { state, ...NO_MORE }, true),
    [`${place}:ended_unpriced`]: row("delay=0s, end=cancelled", { state, ...LOOKED_AT_AGAIN }),
    [`${place}:gone/month-old`]: row("vanish", { state, ...NO_MORE }, true),
    [`${place}:gone`]: row("vanish", { state, ...LOOKED_AT_AGAIN }),
    [`${place}:unrecognised/month-old`]: row(ODD, { state, ...NO_MORE }, true),
    [`${place}:unrecognised`]: row(ODD, { state, ...LOOKED_AT_AGAIN }),
    [`${place}:unreachable/month-old`]: row(AWAY, { state, ...NO_MORE }, true),
    [`${place}:unreachable`]: row(AWAY, { state, ...LOOKED_AT_AGAIN }),
    ...lateBills(state, row),
  };
}

/** What the bill says of a late task that was cancelled or deleted. */
function lateBills(
  state: "failed" | "expired",
  row: (faults: string, after: Scenario["after"], old?: boolean) => Scenario,
) {
  const place = `${state}/billed_late`;
  const KEPT = "delay=0s, end=deleted, refund=false";
  const BACK = "delay=0s, end=cancelled, refund";
  const unread = (old: boolean): Scenario => {
    const scenario = row(KEPT, old ? { state, nextAt: null } : { state, ...LOOKED_AT_AGAIN }, old);
    return { ...scenario, when: async (job) => (await away("billings"), scenario.when(job)) };
  };
  const noRecord = (old: boolean): Scenario => {
    const scenario = row(KEPT, old ? { state, nextAt: null } : { state, ...LOOKED_AT_AGAIN }, old);
    const when: Scenario["when"] = async (job) => {
      const billing = vi.spyOn(WaveSpeed.prototype, "billing").mockResolvedValue("nothing");
      await scenario.when(job);
      billing.mockRestore();
    };
    return { ...scenario, when };
  };
  return {
    [`${place}:charged`]: row(KEPT, { state, loss: expect.any(String) as string }),
    [`${place}:refunded`]: row(BACK, { state, nextAt: null, loss: null }),
    [`${place}:nothing/month-old`]: noRecord(true),
    [`${place}:nothing`]: noRecord(false),
    [`${place}:unreachable/month-old`]: unread(true),
    [`${place}:unreachable`]: unread(false),
    [`${state}/loss_recorded/pending`]: {
      ...row(KEPT, { state, loss: null, lossBooked: true, nextAt: null }),
      before: { state, loss: expect.any(String) as string },
    },
  };
}

const month = (job: Submitted) => w.age(job.id, "created_at", 31 * DAY);

/** A task turns up for a job that was given back as never sent. */
const turnsUp = (faults: string, monthOld: boolean): Given => ({
  given: neverSentJob,
  when: async (job) => {
    if (monthOld) await month(job);
    await w.tracker(job.id).hint(job.id, w.hook(await strayTask(faults)));
  },
});

/** An expired job's own task: it could not be read on the eighth day, and is looked at after. */
const lookedAt = (faults: string, monthOld: boolean): Given => ({
  given: () => expiredJob(faults.includes("poll.") ? faults : `${faults}, poll.http=503, poll.times=1`),
  when: async (job) => {
    if (monthOld) await month(job);
    await w.ring(job.id);
  },
});

/** From `completed`, `failed` and `expired`. */
export const ENDS: Record<string, Scenario> = {
  "completed/settled/pending": {
    ...told("completed", "capture"),
    given: () => submitted("delay=0s"),
    when: ring,
  },
  "completed/loss_recorded/pending": {
    ...lookedAt("delay=0s", false),
    before: { state: "completed", loss: expect.any(String) as string },
    after: { state: "completed", loss: null, nextAt: null },
    money: ["released", "released"],
  },
  "failed/settled/pending": { ...told("failed", "release"), given: () => queuedJob("refuse=1402"), when: ring },
  ...late("failed", turnsUp),
  "expired/settled/has-task": {
    ...told("expired", "release"),
    after: { state: "expired", settled: "release", nextAt: expect.any(Number) as number },
    given: () => submitted("delay=1h"),
    when: async ({ id }) => {
      await w.age(id, "created_at", 9 * DAY);
      await w.ring(id);
    },
  },
  "expired/settled/pending": {
    ...told("expired", "release"),
    after: { state: "expired", settled: "release", nextAt: null },
    given: () => submitted("http=500"),
    when: async ({ id }) => {
      await w.age(id, "created_at", 9 * DAY);
      await away("list");
      await w.nextWalk(id);
    },
  },
  ...late("expired", lookedAt),
};
