import { readFlags, wholeFlag } from "../flags.ts";
import { placesFlag, type Place } from "../state-place.ts";

export interface OverheadOptions {
  /** Where the gateway keeps its state: one gateway for each place. */
  places: readonly Place[];
  /** How late the upstream answers a submit. */
  upstreamMs: number;
  connections: readonly number[];
  rounds: number;
  roundMs: number;
  /** Rates that are tried for one limit of one subject. */
  tries: number;
  json: string | null;
}

export const OVERHEAD_USAGE =
  "[--quick] [--json FILE] [--state disk|ram|both] [--upstream-ms 20] [--connections 1,4,16,64] [--rounds 7] [--round 2000] [--tries 9]";

const FULL = { connections: "1,4,16,64", rounds: "7", round: "2000", tries: "9" };
const QUICK = { connections: "1,16", rounds: "2", round: "700", tries: "4" };

const FLAGS = {
  quick: { type: "boolean", default: false },
  json: { type: "string" },
  state: { type: "string", default: "both" },
  "upstream-ms": { type: "string", default: "20" },
  connections: { type: "string" },
  rounds: { type: "string" },
  round: { type: "string" },
  tries: { type: "string" },
} as const;

/** Throws a UsageError that names the flag and the rule. */
export function parseOverheadOptions(argv: readonly string[]): OverheadOptions {
  const flags = readFlags(argv, FLAGS, `overhead ${OVERHEAD_USAGE}`);
  const standard = flags.quick ? QUICK : FULL;
  const connections = (flags.connections ?? standard.connections).split(",");
  return {
    places: placesFlag(flags.state),
    upstreamMs: wholeFlag("--upstream-ms", flags["upstream-ms"], 0, 5_000),
    connections: connections.map((text) => wholeFlag("--connections", text, 1, 256)),
    rounds: wholeFlag("--rounds", flags.rounds ?? standard.rounds, 1, 50),
    roundMs: wholeFlag("--round", flags.round ?? standard.round, 100, 60_000),
    tries: wholeFlag("--tries", flags.tries ?? standard.tries, 0, 20),
    json: flags.json ?? null,
  };
}
