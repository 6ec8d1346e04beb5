import { readFlags } from "../flags.ts";

export interface OperationsOptions {
  /** Rewrites the record instead of comparing with it. */
  record: boolean;
  /** Lists which statement wrote how many rows, too. */
  statements: boolean;
  json: string | null;
}

export const OPERATIONS_USAGE = "[--record] [--statements] [--json FILE]";

const FLAGS = {
  record: { type: "boolean", default: false },
  statements: { type: "boolean", default: false },
  json: { type: "string" },
} as const;

/** Throws a UsageError that names the flag and the rule. */
export function parseOperationsOptions(argv: readonly string[]): OperationsOptions {
  const { record, statements, json } = readFlags(argv, FLAGS, `operations ${OPERATIONS_USAGE}`);
  return { record, statements, json: json ?? null };
}
