import { readFlags, wholeFlag } from "../flags.ts";

export interface PollingOptions {
  /** Jobs that run at once, each read by a client of its own. */
  jobs: number;
  /** Between two reads of one client. */
  everyMs: number;
  /** Rounds of each subject, in turns, and how long each lasts. */
  rounds: number;
  roundMs: number;
  /** Where the results are written as JSON. */
  json: string | null;
}

export const POLLING_USAGE = "[--quick] [--json FILE] [--jobs 1000] [--every 1000] [--rounds 5] [--round 8000]";

const FLAGS = {
  quick: { type: "boolean", default: false },
  json: { type: "string" },
  jobs: { type: "string" },
  every: { type: "string", default: "1000" },
  rounds: { type: "string" },
  round: { type: "string" },
} as const;

/** Throws a UsageError that names the flag and the rule. */
export function parsePollingOptions(argv: readonly string[]): PollingOptions {
  const flags = readFlags(argv, FLAGS, `polling ${POLLING_USAGE}`);
  return {
    jobs: wholeFlag("--jobs", flags.jobs ?? (flags.quick ? "200" : "1000"), 1, 5_000),
    everyMs: wholeFlag("--every", flags.every, 1, 60_000),
    rounds: wholeFlag("--rounds", flags.rounds ?? (flags.quick ? "2" : "5"), 1, 50),
    roundMs: wholeFlag("--round", flags.round ?? (flags.quick ? "4000" : "8000"), 1, 60_000),
    json: flags.json ?? null,
  };
}
