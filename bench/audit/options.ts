import { readFlags, wholeFlag } from "../flags.ts";

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

const FLAGS = {
  holds: { type: "string", default: "100000" },
  "tag-rows": { type: "string", default: "3000000" },
  json: { type: "string" },
} as const;

/** Throws a UsageError that names the flag and the rule. */
export function parseAuditOptions(argv: readonly string[]): AuditOptions {
  const flags = readFlags(argv, FLAGS, `audit ${AUDIT_USAGE}`);
  return {
    holds: wholeFlag("--holds", flags.holds, 10, HOLDS_MAX),
    tagRows: wholeFlag("--tag-rows", flags["tag-rows"], 10, TAG_ROWS_MAX),
    json: flags.json ?? null,
  };
}
