import { readFlags, wholeFlag } from "../flags.ts";

export interface ColdStartOptions {
  /** Starts of each subject, in turns. */
  rounds: number;
  /** Workers of the same code in one workerd: what one takes is measured many times at once. */
  copies: number;
  /** Starts of `npm start`, each on new state and once more on that state. */
  starts: number;
  json: string | null;
}

export const COLD_START_USAGE = "[--quick] [--json FILE] [--rounds 10] [--copies 8] [--starts 5]";

const FLAGS = {
  quick: { type: "boolean", default: false },
  json: { type: "string" },
  rounds: { type: "string" },
  copies: { type: "string", default: "8" },
  starts: { type: "string" },
} as const;

/** Throws a UsageError that names the flag and the rule. */
export function parseColdStartOptions(argv: readonly string[]): ColdStartOptions {
  const flags = readFlags(argv, FLAGS, `cold-start ${COLD_START_USAGE}`);
  return {
    rounds: wholeFlag("--rounds", flags.rounds ?? (flags.quick ? "2" : "10"), 1, 50),
    copies: wholeFlag("--copies", flags.copies, 1, 32),
    starts: wholeFlag("--starts", flags.starts ?? (flags.quick ? "1" : "5"), 1, 20),
    json: flags.json ?? null,
  };
}
