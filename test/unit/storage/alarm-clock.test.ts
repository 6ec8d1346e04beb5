import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { AlarmClock } from "../../../src/storage/alarm-clock.ts";

const NOW = Date.UTC(2026, 10, 30);

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
});
afterEach(() => {
  vi.useRealTimers();
});

/**
 * An object's alarm as workerd has it: a time in the past is taken as now, and the time of the alarm that rings is no
 * change, after which none is scheduled.
 */
class Runtime {
  alarm: number | null;
  ringing: number | null = null;
  sets = 0;

  constructor(alarm: number | null = null) {
    this.alarm = alarm;
  }

  get state(): Pick<DurableObjectState, "storage" | "blockConcurrencyWhile"> {
    const storage = {
      getAlarm: async () => this.alarm,
      setAlarm: async (at: number) => {
        const to = Math.max(at, Date.now());
        this.sets += 1;
        if (to !== this.ringing) this.alarm = to;
      },
    };
    const blockConcurrencyWhile = async <T>(work: () => Promise<T>): Promise<T> => await work();
    return { storage, blockConcurrencyWhile } as unknown as Pick<
      DurableObjectState,
      "storage" | "blockConcurrencyWhile"
    >;
  }

  /** Its alarm rings on time. */
  begin(): number {
    this.ringing = this.alarm ?? 0;
    this.alarm = null;
    vi.setSystemTime(this.ringing);
    return this.ringing;
  }
}

async function clockOf(runtime: Runtime, due: number | null = null): Promise<AlarmClock> {
  const clock = new AlarmClock(runtime.state, () => due);
  await Promise.resolve();
  await Promise.resolve();
  return clock;
}

test("only an earlier time is written", async () => {
  const runtime = new Runtime();
  const clock = await clockOf(runtime);
  clock.arm(NOW + 1_000);
  clock.arm(NOW + 2_000);
  expect([runtime.alarm, runtime.sets]).toEqual([NOW + 1_000, 1]);
  clock.arm(NOW + 500);
  expect([runtime.alarm, runtime.sets]).toEqual([NOW + 500, 2]);
  clock.arm(NOW + 100, 400);
  expect(runtime.sets).toBe(2);
});

test.each([
  ["the instance that set it", false],
  ["a new instance", true],
])("what is due in the very millisecond of the alarm that rings gets another one: in %s", async (_, isNew) => {
  const runtime = new Runtime();
  let clock = await clockOf(runtime);
  clock.arm(NOW + 100);
  const scheduledTime = runtime.begin();
  if (isNew) clock = await clockOf(runtime);
  clock.rang(scheduledTime);
  clock.arm(Date.now());
  expect(runtime.alarm).toBe(scheduledTime + 1);
});

test("an alarm that has not come for a minute and a half is set anew by whoever arms next", async () => {
  const runtime = new Runtime();
  const clock = await clockOf(runtime);
  clock.arm(NOW + 1_000);
  vi.setSystemTime(NOW + 61_000);
  clock.arm(NOW + 62_000);
  expect(runtime.sets).toBe(1);
  vi.setSystemTime(NOW + 92_000);
  clock.arm(NOW + 48 * 3_600_000);
  // What it was for is due.
  expect([runtime.alarm, runtime.sets]).toEqual([NOW + 92_000, 2]);
});

test("whoever is woken sets an alarm that did not come, and no other", async () => {
  const runtime = new Runtime();
  const clock = await clockOf(runtime, NOW + 1_000);
  vi.setSystemTime(NOW + 90_000);
  clock.wake();
  expect(runtime.sets).toBe(1);
  vi.setSystemTime(NOW + 92_000);
  clock.wake();
  expect([runtime.alarm, runtime.sets]).toEqual([NOW + 92_000, 2]);
});

test("what was due long ago is done now, whatever a new instance is asked for next", async () => {
  const runtime = new Runtime();
  const clock = await clockOf(runtime, NOW - 3_600_000);
  clock.arm(NOW + 180_000);
  expect(runtime.alarm).toBe(NOW);
});

test("a new instance arms what is due where no alarm stands, or where the one that does is long over", async () => {
  const none = new Runtime();
  await clockOf(none, NOW + 5);
  expect(none.alarm).toBe(NOW + 5);
  const lost = new Runtime(NOW - 100_000);
  await clockOf(lost, NOW + 5);
  expect(lost.alarm).toBe(NOW);
  const standing = new Runtime(NOW - 1_000);
  await clockOf(standing, NOW + 5);
  expect(standing.sets).toBe(0);
});
