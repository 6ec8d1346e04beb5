import { sha256Hex } from "../keys/sha256-hex.ts";
import type { AuditFacts } from "./types.ts";

/** What the first entry of a chain follows. */
export const FIRST_HASH = "0".repeat(64);

/**
 * An entry's hash: SHA-256 (hex) of the UTF-8 text of a JSON list without spaces, of the hash before it and the entry's
 * fields in this order, as exports show them. docs/audit-log.md has it as a recipe: it can never change.
 */
export const entryHash = (previousHash: string, entry: AuditFacts): string =>
  hashOf([previousHash, ...(entry.whoSalt === null ? openFields(entry) : fields(entry))]);

/**
 * Stands for who it was and from where in the hash of an entry, so that this can be kept from somebody who checks the rest. Nobody finds it
 * by trying: the salt is 128 random bits. Null: an entry from before there was a salt.
 */
export const whoHash = ({ whoSalt, actor, actorName, ip, userAgent }: AuditFacts): string | null =>
  whoSalt === null ? null : hashOf([whoSalt, actor, actorName, ip, userAgent]);

const fields = (entry: AuditFacts): unknown[] => [
  ...place(entry),
  entry.seenAs,
  whoHash(entry),
  entry.action,
  entry.target,
  entry.before,
  entry.after,
  entry.outcome,
];

/** Of entries from before: all in the open. */
const openFields = (entry: AuditFacts): unknown[] => [
  ...place(entry),
  entry.actor,
  entry.actorName,
  entry.action,
  entry.target,
  entry.ip,
  entry.userAgent,
  entry.before,
  entry.after,
  entry.outcome,
];

const place = ({ chain, seq, at, begunAt, id }: AuditFacts): unknown[] => [
  chain,
  seq,
  new Date(at).toISOString(),
  new Date(begunAt).toISOString(),
  id,
];

const hashOf = (list: unknown[]): string => sha256Hex(JSON.stringify(list));
