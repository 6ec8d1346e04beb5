import { abortAllDurableObjects } from "cloudflare:test";
import { armFailPoint, FAIL_POINTS, type FailPoint } from "../../../src/observability/fail-point.ts";
import type { Dice } from "./dice.ts";
import { count, type Sea } from "./sea.ts";
import { scriptFault } from "./upstream.ts";

/** A clear sky, for what takes so long that it would die in every crash. */
const CLEAR_MS = 6_000;

const POINT_LOOK_MS = 2;
const POINT_LOOKS_MAX = 500;

/** WaveSpeed's word that there is no task, whatever the prompt's own fate: it strikes name by name. */
const NOT_CREATED = { created: false };

/** Every so often everything dies, a step breaks, or WaveSpeed has a bad moment. */
export async function blow(sea: Sea, dice: Dice): Promise<void> {
  const upstream = dice.pick(sea.upstreams);
  const script = async (operation: string, fault: Record<string, unknown>, times: number): Promise<void> => {
    count(sea, `storm of ${operation} ${JSON.stringify(fault)}`, times);
    await scriptFault(upstream, { operation }, fault, times);
  };
  const what = dice.weigh([
    [5, () => crash(sea)],
    [4, async () => armThrow(sea, dice)],
    [3, () => crashAt(sea, dice)],
    [
      2,
      () =>
        script(
          "submit",
          { ...NOT_CREATED, http: 429, ...(dice.chance(0.5) ? { retry_after: 1 } : {}) },
          5 + dice.below(20),
        ),
    ],
    [1, () => script("submit", { ...NOT_CREATED, http: 503 }, 5)],
    [1, () => script("submit", dice.pick([{ drop: "after" }, { cut: "after" }, { drop: "before" }]), 3)],
    [2, () => script("poll", dice.pick([{ http: 503 }, { malformed: true }, { cut: "after" }]), 5 + dice.below(20))],
    [2, () => script("list", dice.pick([{ http: 503 }, { malformed: true }, { cut: "after" }]), 1 + dice.below(5))],
    [1, () => script("billings", dice.pick([{ http: 503 }, { malformed: true }]), 1 + dice.below(3))],
    [1, () => script("balance", { http: 503 }, 1)],
    [1, () => script("webhook", { copies: 2 }, 10)],
  ]);
  await what();
  if (dice.chance(0.06)) await scheduler.wait(CLEAR_MS);
  // Operators look after their accounts, or a circuit that was opened would keep everything out for a minute.
  if (dice.chance(0.3)) for (const { name } of sea.upstreams) await sea.operator("POST", `/v1/accounts/${name}/check`);
}

/** Every object dies at once, wherever it is. */
async function crash(sea: Sea, what = "crash"): Promise<void> {
  count(sea, what);
  await abortAllDurableObjects();
}

/** The next few that come to a point throw there. */
function armThrow(sea: Sea, dice: Dice): void {
  const point = dice.pick(FAIL_POINTS);
  arm(point, 1 + dice.below(6), () => count(sea, `throw ${point}`));
}

/** Everything dies as soon as somebody has come to a point; not from inside it, which workerd does not survive. */
async function crashAt(sea: Sea, dice: Dice): Promise<void> {
  const point = dice.pick(FAIL_POINTS);
  let reached = false;
  arm(point, 1, () => {
    reached = true;
  });
  for (let looks = 0; looks < POINT_LOOKS_MAX && !reached; looks++) await scheduler.wait(POINT_LOOK_MS);
  armFailPoint(point, null);
  if (reached) await crash(sea, `crash ${point}`);
}

function arm(point: FailPoint, times: number, reached: () => void): void {
  let left = times;
  armFailPoint(point, () => {
    left -= 1;
    if (left <= 0) armFailPoint(point, null);
    reached();
    throw new Error(`test: died ${point}`);
  });
}

export async function calm(sea: Sea): Promise<void> {
  for (const point of FAIL_POINTS) armFailPoint(point, null);
  for (const upstream of sea.upstreams) await upstream.call("DELETE", "/control/faults");
  await abortAllDurableObjects();
}
