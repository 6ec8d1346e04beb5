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

/** A scenario's own numbers: in full, and with `--quick`. */
export interface PollingPreset {
  name: string;
  full: Numbers;
  quick: Numbers;
}

type Numbers = Pick<PollingOptions, "jobs" | "everyMs" | "rounds" | "roundMs">;

/** How long a read takes while the machine is not full. */
export const POLLING: PollingPreset = {
  name: "polling",
  full: { jobs: 1_000, everyMs: 1_000, rounds: 5, roundMs: 8_000 },
  quick: { jobs: 200, everyMs: 1_000, rounds: 2, roundMs: 4_000 },
};

/** How many reads there are when more are wanted: WaveSpeed's largest account, 2,500 reads a second. */
export const FAN_OUT: PollingPreset = {
  name: "fan-out",
  full: { jobs: 5_000, everyMs: 2_000, rounds: 5, roundMs: 10_000 },
  quick: { jobs: 500, everyMs: 200, rounds: 2, roundMs: 4_000 },
};

export const pollingUsage = ({ full }: PollingPreset): string =>
  `[--quick] [--json FILE] [--jobs ${full.jobs}] [--every ${full.everyMs}] [--rounds ${full.rounds}] [--round ${full.roundMs}]`;

const FLAGS = {
  quick: { type: "boolean", default: false },
  json: { type: "string" },
  jobs: { type: "string" },
  every: { type: "string" },
  rounds: { type: "string" },
  round: { type: "string" },
} as const;

/** Throws a UsageError that names the flag and the rule. */
export function parsePollingOptions(argv: readonly string[], preset: PollingPreset): PollingOptions {
  const flags = readFlags(argv, FLAGS, `${preset.name} ${pollingUsage(preset)}`);
  const standard = flags.quick ? preset.quick : preset.full;
  const whole = (flag: string, text: string | undefined, fallback: number, max: number): number =>
    text === undefined ? fallback : wholeFlag(flag, text, 1, max);
  return {
    jobs: whole("--jobs", flags.jobs, standard.jobs, 5_000),
    everyMs: whole("--every", flags.every, standard.everyMs, 60_000),
    rounds: whole("--rounds", flags.rounds, standard.rounds, 50),
    roundMs: whole("--round", flags.round, standard.roundMs, 60_000),
    json: flags.json ?? null,
  };
}
