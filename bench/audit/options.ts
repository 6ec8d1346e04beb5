import { parseArgs } from "node:util";
import { UsageError } from "../../scripts/start/options.ts";

export interface AuditOptions {
  /** Open holds of the ledger that has no rows of tags, and of the one that has. */
  holds: number;
  /** Rows of `tag_spend`. */
  tagRows: number;
  /** Where the results are written as JSON. */
  json: string | null;
}

export const AUDIT_USAGE = "[--holds 100000] [--tag-rows 3000000] [--json FILE]";

const HOLDS_MAX = 1_000_000;
const TAG_ROWS_MAX = 100_000_000;

/** Throws a UsageError that names the flag and the rule. */
export function parseAuditOptions(argv: readonly string[]): AuditOptions {
  const flags = parseFlags(argv);
  return {
    holds: whole("--holds", flags.holds, HOLDS_MAX),
    tagRows: whole("--tag-rows", flags["tag-rows"], TAG_ROWS_MAX),
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
        holds: { type: "string", default: "100000" },
        "tag-rows": { type: "string", default: "3000000" },
        json: { type: "string" },
      },
    }).values;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${message}\n\nnpm run bench -- audit ${AUDIT_USAGE}`, { cause: error });
  }
}

function whole(flag: string, text: string, max: number): number {
  const value = Number(text);
  if (!/^[0-9]+$/.test(text) || value < 10 || value > max) {
    throw new UsageError(`${flag}: whole numbers from 10 to ${max} are needed, got ${JSON.stringify(text)}`);
  }
  return value;
}
