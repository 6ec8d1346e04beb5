import { csvLine } from "../export/csv-cell.ts";
import type { SeenEntry } from "./seen-entry.ts";

export const EXPORT_FORMATS = ["csv", "ndjson"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** An entry as exports have it, in the order of its columns; `previous_hash` first, so that each line can be checked alone. */
const lineOf = (previousHash: string, entry: SeenEntry) => ({
  previous_hash: previousHash,
  tenant: entry.chain,
  seq: entry.seq,
  at: new Date(entry.at).toISOString(),
  begun_at: new Date(entry.begunAt).toISOString(),
  id: entry.id,
  actor: entry.actor,
  actor_name: entry.actorName,
  action: entry.action,
  target: entry.target,
  ip: entry.ip,
  user_agent: entry.userAgent,
  before: entry.before,
  after: entry.after,
  outcome: entry.outcome,
  seen_as: entry.seenAs,
  who: entry.who,
  who_salt: entry.whoSalt,
  hash: entry.hash,
});

const CSV_HEAD =
  "previous_hash,tenant,seq,at,begun_at,id,actor,actor_name,action,target,ip,user_agent,before,after,outcome,seen_as,who,who_salt,hash\r\n";

/** What an export begins with. */
export const exportHead = (format: ExportFormat): string => (format === "csv" ? CSV_HEAD : "");

/** Entries in order as text. `previousHash`: of the entry before the first. */
export function exportText(format: ExportFormat, previousHash: string, entries: readonly SeenEntry[]): string {
  const lines = entries.map((entry, n) => lineOf(entries[n - 1]?.hash ?? previousHash, entry));
  if (format === "ndjson") return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
  return lines.map((line) => csvLine(Object.values(line))).join("");
}
