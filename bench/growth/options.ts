import { UsageError } from "../../scripts/start/options.ts";
import { readFlags, wholeFlag } from "../flags.ts";

/** One gateway: so many jobs that ended long ago, spread over so many tenants. */
export interface Size {
  jobs: number;
  tenants: number;
}

export interface GrowthOptions {
  /** In the order given; the first is what the others are compared with. */
  sizes: readonly Size[];
  connections: number;
  rounds: number;
  roundMs: number;
  json: string | null;
}

export const GROWTH_USAGE =
  "[--quick] [--json FILE] [--sizes 0x1,1000000x1,0x1000,1000000x1000] [--connections 4] [--rounds 7] [--round 2000]";

const JOBS_MAX = 10_000_000;
const TENANTS_MAX = 2_000;

const FLAGS = {
  quick: { type: "boolean", default: false },
  json: { type: "string" },
  sizes: { type: "string" },
  connections: { type: "string", default: "4" },
  rounds: { type: "string" },
  round: { type: "string" },
} as const;

/** Throws a UsageError that names the flag and the rule. */
export function parseGrowthOptions(argv: readonly string[]): GrowthOptions {
  const flags = readFlags(argv, FLAGS, `growth ${GROWTH_USAGE}`);
  const sizes = flags.sizes ?? (flags.quick ? "0x1,10000x1,0x20,10000x20" : "0x1,1000000x1,0x1000,1000000x1000");
  return {
    sizes: sizes.split(",").map(sizeOf),
    connections: wholeFlag("--connections", flags.connections, 1, 64),
    rounds: wholeFlag("--rounds", flags.rounds ?? (flags.quick ? "2" : "7"), 1, 50),
    roundMs: wholeFlag("--round", flags.round ?? (flags.quick ? "800" : "2000"), 100, 60_000),
    json: flags.json ?? null,
  };
}

function sizeOf(text: string): Size {
  const [jobs, tenants, ...more] = text.split("x");
  if (jobs === undefined || tenants === undefined || more.length > 0) {
    throw new UsageError(`--sizes: JOBSxTENANTS are needed, such as 10000x20, got ${JSON.stringify(text)}`);
  }
  return {
    jobs: wholeFlag("--sizes (jobs)", jobs, 0, JOBS_MAX),
    tenants: wholeFlag("--sizes (tenants)", tenants, 1, TENANTS_MAX),
  };
}

export const nameOf = ({ jobs, tenants }: Size): string => `${jobs} jobs, ${tenants} tenant${tenants === 1 ? "" : "s"}`;
