import { readFlags, wholeFlag } from "../flags.ts";
import { resolve } from "node:path";
import { UsageError } from "../../scripts/start/options.ts";

export interface LedgerOptions {
  /** Settled jobs of each ledger that is measured, ascending. */
  histories: readonly number[];
  rounds: number;
  /** Admissions of one round. */
  operations: number;
  inFlight: number;
  /** Whether usage entries go to the local queue or are dropped. */
  queue: "local" | "none";
  /** Another checkout of this repository, whose ledger is measured in turns beside this one's; absolute. */
  against: string | null;
  /** Where the results are written as JSON. */
  json: string | null;
}

export const LEDGER_USAGE =
  "[--quick] [--json FILE] [--histories 0,100000,1000000] [--rounds 30] [--operations 500] [--in-flight 64] [--queue local|none] [--against DIR]";

const FULL = { histories: "0,100000,1000000", rounds: "30", operations: "500" };
const QUICK = { histories: "0,10000", rounds: "8", operations: "300" };

/** Jobs in flight are rows in memory and on disk; a history is built job by job. */
const HISTORY_MAX = 10_000_000;
const ROUNDS_MAX = 100;
const OPERATIONS_MAX = 100_000;
const IN_FLIGHT_MAX = 1_000;

const FLAGS = {
  quick: { type: "boolean", default: false },
  json: { type: "string" },
  against: { type: "string" },
  histories: { type: "string" },
  rounds: { type: "string" },
  operations: { type: "string" },
  "in-flight": { type: "string", default: "64" },
  queue: { type: "string", default: "local" },
} as const;

/** Throws a UsageError that names the flag and the rule. */
export function parseLedgerOptions(argv: readonly string[]): LedgerOptions {
  const flags = readFlags(argv, FLAGS, `ledger ${LEDGER_USAGE}`);
  const standard = flags.quick ? QUICK : FULL;
  const histories = (flags.histories ?? standard.histories).split(",");
  return {
    histories: histories.map((text) => wholeFlag("--histories", text, 0, HISTORY_MAX)).toSorted((a, b) => a - b),
    rounds: wholeFlag("--rounds", flags.rounds ?? standard.rounds, 1, ROUNDS_MAX),
    operations: wholeFlag("--operations", flags.operations ?? standard.operations, 1, OPERATIONS_MAX),
    inFlight: wholeFlag("--in-flight", flags["in-flight"], 1, IN_FLIGHT_MAX),
    queue: queueOf(flags.queue),
    against: flags.against === undefined ? null : resolve(flags.against),
    json: flags.json ?? null,
  };
}

function queueOf(text: string): "local" | "none" {
  if (text === "local" || text === "none") return text;
  throw new UsageError(`--queue: local or none, got ${JSON.stringify(text)}`);
}
