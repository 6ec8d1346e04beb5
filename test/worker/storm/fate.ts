import type { Dice } from "./dice.ts";

/** What is to befall a job, in the simulator's words. */
export interface Fate {
  faults: string[];
  /** Each kind of fault in it, to be counted. */
  kinds: string[];
}

type Choice = readonly (readonly [number, string])[];

/** About the answer to the POST. "": none. */
const REPLIES: Choice = [
  [60, ""],
  [4, "drop=before"],
  [6, "drop=after"],
  [3, "cut=before"],
  [4, "cut=after"],
  [3, "no_id"],
  [3, "malformed"],
  [2, "http=504, created"],
  [2, "http=502, bare, created"],
  [2, "http=503, bare, created"],
  [1, "http=408, created"],
  [1, "http=500, created"],
  [2, "http=500"],
  [2, "http=502, bare"],
  [1, "http=503, bare"],
  [4, "http=429, retry_after=0, times=1"],
  [3, "http=429, times=2"],
  [3, "http=503, times=1"],
  [1, "http=429, retry_after=1"],
  [1, "refuse"],
  [1, "refuse=1402"],
  [1, "http=404"],
  [1, "http=413"],
  [1, "http=422"],
  [1, "http=401"],
  [1, "http=402"],
  [1, "http=403"],
  [1, "http=400, code=1407"],
  [3, "slow=200ms"],
  [3, "slow_after=300ms"],
  [3, "slow_after=2s"],
  [2, "status=dreaming"],
];

/** So slow that the POST is given up, and the walks are over, before there is a task: a webhook names it. */
const TOO_SLOW: Choice = [[1, "slow=4s"]];

const COURSES: Choice = [
  [50, ""],
  [6, "fail"],
  [2, "fail=1403, fail_message=no such luck"],
  [4, "moderated"],
  [4, "nsfw"],
  [4, "delay=0s"],
  [4, "delay=1s"],
  [3, "end=timeout"],
  [2, "expired=403"],
  [2, "sync_limit=0s"],
];

/** Ends that WaveSpeed does not say the price of, and tasks that nobody hears of again. */
const ODD_COURSES: Choice = [
  [3, "end=cancelled"],
  [3, "end=cancelled, refund"],
  [3, "end=deleted"],
  [3, "end=deleted, refund"],
  [2, "end_status=dreaming"],
  [2, "end_status=dreaming, refund"],
  [2, "vanish"],
  [2, "vanish, refund"],
  [3, "delay=10h"],
];

const POLLS: Choice = [
  [70, ""],
  [4, "poll.http=503, poll.times=2"],
  [2, "poll.http=500, poll.bare, poll.times=3"],
  [2, "poll.http=429, poll.retry_after=1, poll.times=2"],
  [2, "poll.http=404, poll.times=2"],
  [2, "poll.http=401, poll.times=1"],
  [2, "poll.drop=before, poll.times=2"],
  [2, "poll.drop=after, poll.times=1"],
  [2, "poll.cut=after, poll.times=2"],
  [2, "poll.slow=300ms, poll.times=2"],
  [2, "poll.malformed, poll.times=2"],
  [2, "poll.status=dreaming, poll.times=2"],
];

const WEBHOOKS: Choice = [
  [50, ""],
  [10, "webhook.send=none"],
  [6, "webhook.send=forged"],
  [6, "webhook.copies=3"],
  [4, "webhook.late=2s"],
  [4, "webhook.late=5m"],
];

export const LOST_BEFORE = "drop=before";

/** Of equal bodies: what befalls all of them, or the first alone. */
const TWIN_REPLIES: Choice = [
  [3, LOST_BEFORE],
  [3, "drop=after"],
  [2, "cut=after, times=1"],
  [2, "drop=before, times=1"],
  [2, "no_id"],
  [1, "http=504, created, times=1"],
  [2, ""],
];

export function anyFate(dice: Dice): Fate {
  if (dice.chance(0.03)) {
    // Whoever is so late is only ever heard of by its webhook, so that one is sent and genuine.
    return fateOf([dice.weigh(TOO_SLOW), dice.pick(["", "fail"]), dice.weigh(POLLS), "webhook.copies=2"]);
  }
  const course = dice.chance(0.12) ? dice.weigh(ODD_COURSES) : dice.weigh(COURSES);
  return fateOf([dice.weigh(REPLIES), course, dice.weigh(POLLS), dice.weigh(WEBHOOKS)]);
}

export const twinFate = (dice: Dice): Fate => fateOf([dice.weigh(TWIN_REPLIES), dice.pick(["", "", "fail"])]);

function fateOf(faults: string[]): Fate {
  const given = faults.filter((fault) => fault !== "");
  return { faults: given, kinds: given };
}

export const promptOf = (name: string, { faults }: Fate): string =>
  faults.length === 0 ? name : `${name} [[sim: ${faults.join(", ")}]]`;
