import { readFlags, wholeFlag } from "../flags.ts";

export interface LimitsOptions {
  /** Submits a second of the first step; each step doubles it. */
  from: number;
  max: number;
  stepMs: number;
  /** How long the load stays at twice the rate that broke it. */
  overMs: number;
  connections: number;
  upstreamMs: number;
  /** No reply may take longer. */
  replyMsMax: number;
  /** After the load everything must have ended by then, by itself. */
  settleMsMax: number;
  json: string | null;
}

export const LIMITS_USAGE =
  "[--quick] [--json FILE] [--from 50] [--max 6400] [--step 4000] [--over 15000] [--connections 512] [--upstream-ms 20] [--reply-ms 6000] [--settle-ms 180000]";

const FLAGS = {
  quick: { type: "boolean", default: false },
  json: { type: "string" },
  from: { type: "string", default: "50" },
  max: { type: "string", default: "6400" },
  step: { type: "string" },
  over: { type: "string" },
  connections: { type: "string", default: "512" },
  "upstream-ms": { type: "string", default: "20" },
  "reply-ms": { type: "string", default: "6000" },
  "settle-ms": { type: "string", default: "180000" },
} as const;

/** Throws a UsageError that names the flag and the rule. */
export function parseLimitsOptions(argv: readonly string[]): LimitsOptions {
  const flags = readFlags(argv, FLAGS, `limits ${LIMITS_USAGE}`);
  return {
    from: wholeFlag("--from", flags.from, 1, 10_000),
    max: wholeFlag("--max", flags.max, 1, 10_000),
    stepMs: wholeFlag("--step", flags.step ?? (flags.quick ? "1500" : "4000"), 500, 60_000),
    overMs: wholeFlag("--over", flags.over ?? (flags.quick ? "4000" : "15000"), 500, 60_000),
    connections: wholeFlag("--connections", flags.connections, 1, 4_096),
    upstreamMs: wholeFlag("--upstream-ms", flags["upstream-ms"], 0, 5_000),
    replyMsMax: wholeFlag("--reply-ms", flags["reply-ms"], 100, 60_000),
    settleMsMax: wholeFlag("--settle-ms", flags["settle-ms"], 1_000, 600_000),
    json: flags.json ?? null,
  };
}
