import { sha256Hex } from "../keys/sha256-hex.ts";
import type { AuditFacts } from "./types.ts";

/** What the first entry of a chain follows. */
export const FIRST_HASH = "0".repeat(64);

/**
 * An entry's hash: SHA-256 (hex) of the UTF-8 text of a JSON list without spaces, of the hash before it and the entry's
 * fields in this order, as exports show them. docs/audit-log.md has it as a recipe: it can never change.
 */
export function entryHash(previousHash: string, entry: AuditFacts): string {
  return sha256Hex(
    JSON.stringify([
      previousHash,
      entry.chain,
      entry.seq,
      new Date(entry.at).toISOString(),
      new Date(entry.begunAt).toISOString(),
      entry.id,
      entry.actor,
      entry.actorName,
      entry.action,
      entry.target,
      entry.ip,
      entry.userAgent,
      entry.before,
      entry.after,
      entry.outcome,
    ]),
  );
}
