import { quantile } from "../statistics.ts";
import type { LoadResult, Reply } from "./order.ts";

/** One round of one subject, as far as it is printed. */
export interface RoundFigures {
  p50: number;
  p95: number;
  p99: number;
  perSecond: number;
  /** Answers other than 200, and calls without one. */
  failed: number;
}

/** The latencies of what was answered with 200, and how much that was. */
export function figuresOf({ replies, seconds }: Pick<LoadResult, "replies" | "seconds">): RoundFigures {
  const latencies = served(replies).map(({ latencyMs }) => latencyMs);
  return {
    p50: quantile(latencies, 0.5),
    p95: quantile(latencies, 0.95),
    p99: quantile(latencies, 0.99),
    perSecond: latencies.length / seconds,
    failed: replies.length - latencies.length,
  };
}

export const served = (replies: readonly Reply[]): Reply[] => replies.filter(({ status }) => status === 200);

/** The first answer that was not 200, for people: a round that failed says why. */
export function firstFailure(replies: readonly Reply[]): string | null {
  const odd = replies.find(({ status }) => status !== 200);
  return odd ? `${odd.status || "no answer"}: ${odd.text.slice(0, 300)}` : null;
}
