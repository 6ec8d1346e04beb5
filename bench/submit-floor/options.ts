import { readFlags, wholeFlag } from "../flags.ts";
import { placesFlag, type Place } from "../state-place.ts";

export interface SubmitFloorOptions {
  places: readonly Place[];
  connections: readonly number[];
  rounds: number;
  roundMs: number;
  json: string | null;
}

export const SUBMIT_FLOOR_USAGE =
  "[--quick] [--json FILE] [--state disk|ram|both] [--connections 1,16] [--rounds 10] [--round 3000]";

const FLAGS = {
  quick: { type: "boolean", default: false },
  json: { type: "string" },
  state: { type: "string", default: "both" },
  connections: { type: "string", default: "1,16" },
  rounds: { type: "string" },
  round: { type: "string" },
} as const;

/** Throws a UsageError that names the flag and the rule. */
export function parseSubmitFloorOptions(argv: readonly string[]): SubmitFloorOptions {
  const flags = readFlags(argv, FLAGS, `submit-floor ${SUBMIT_FLOOR_USAGE}`);
  return {
    places: placesFlag(flags.state),
    connections: flags.connections.split(",").map((text) => wholeFlag("--connections", text, 1, 256)),
    rounds: wholeFlag("--rounds", flags.rounds ?? (flags.quick ? "2" : "10"), 1, 50),
    roundMs: wholeFlag("--round", flags.round ?? (flags.quick ? "1000" : "3000"), 100, 60_000),
    json: flags.json ?? null,
  };
}
