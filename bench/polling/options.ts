import { parseArgs } from "node:util";
import { UsageError } from "../../scripts/start/options.ts";

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

/** Throws a UsageError that names the flag and the rule. */
export function parsePollingOptions(argv: readonly string[]): PollingOptions {
  const flags = parseFlags(argv);
  return {
    jobs: whole("--jobs", flags.jobs ?? (flags.quick ? "200" : "1000"), 5_000),
    everyMs: whole("--every", flags.every, 60_000),
    rounds: whole("--rounds", flags.rounds ?? (flags.quick ? "2" : "5"), 50),
    roundMs: whole("--round", flags.round ?? (flags.quick ? "4000" : "8000"), 60_000),
    json: flags.json ?? null,
  };
}

function parseFlags(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      strict: true,
      allowPositionals: false,
      options: {
        quick: { type: "boolean", default: false },
        json: { type: "string" },
        jobs: { type: "string" },
        every: { type: "string", default: "1000" },
        rounds: { type: "string" },
        round: { type: "string" },
      },
    }).values;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${message}\n\nnpm run bench -- polling ${POLLING_USAGE}`, { cause: error });
  }
}

function whole(flag: string, text: string, max: number): number {
  const value = Number(text);
  if (!/^[0-9]+$/.test(text) || value < 1 || value > max) {
    throw new UsageError(`${flag}: whole numbers from 1 to ${max} are needed, got ${JSON.stringify(text)}`);
  }
  return value;
}
