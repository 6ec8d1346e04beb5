import { figuresOf, type RoundFigures } from "../load/figures.ts";
import type { LoadGenerator } from "../load/load-generator.ts";
import type { Call, LoadResult, Reply } from "../load/order.ts";
import { progress } from "../results.ts";
import type { LimitsOptions } from "./options.ts";

export interface Step extends RoundFigures {
  /** Submits a second that were wanted. */
  rate: number;
}

/** All that was sent while the load grew, and past the rate that broke it. */
export interface Storm {
  steps: Step[];
  /** The first rate that was not served in order; null: all were. */
  brokeAt: number | null;
  /** At twice that rate. */
  past: Step | null;
  replies: Reply[];
}

/** A step is broken if its slowest hundredth took longer, or if less than this share of its rate was served. */
const P99_MS_MAX = 1_000;
const SERVED_SHARE = 0.9;

/** Longer than any reply may take: who waits so long for a connection gives up. */
const TIMEOUT_MS = 30_000;

/** Doubles the rate until it breaks, then goes on at twice the rate that broke it. */
export async function breakWithLoad(load: LoadGenerator, call: Call, options: LimitsOptions): Promise<Storm> {
  const storm: Storm = { steps: [], brokeAt: null, past: null, replies: [] };
  const run = async (rate: number, forMs: number): Promise<Step> => {
    progress(`${rate} submits/s for ${forMs} ms`);
    const pattern = { kind: "open", perSecond: rate, connections: options.connections } as const;
    const result: LoadResult = await load.run({
      calls: [call],
      pattern,
      forMs,
      timeoutMs: TIMEOUT_MS,
      keepBodies: true,
    });
    storm.replies.push(...result.replies);
    return { rate, ...figuresOf(result) };
  };
  for (let rate = options.from; rate <= options.max && storm.brokeAt === null; rate *= 2) {
    const step = await run(rate, options.stepMs);
    storm.steps.push(step);
    if (isBroken(step)) storm.brokeAt = rate;
  }
  if (storm.brokeAt !== null) storm.past = await run(storm.brokeAt * 2, options.overMs);
  return storm;
}

export const isBroken = ({ rate, p99, perSecond, failed }: Step): boolean =>
  failed > 0 || !(p99 <= P99_MS_MAX) || perSecond < rate * SERVED_SHARE;
