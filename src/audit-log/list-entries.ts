import { and, desc, eq, gte, lt, or, type SQL } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { auditEntries } from "./schema.ts";
import { seenEntry, type SeenEntry } from "./seen-entry.ts";
import type { AuditEntry } from "./types.ts";

/** `from` inclusive, `to` exclusive. `before`: the last entry that was seen. */
export interface EntriesQuery {
  chain: string;
  actor?: string | undefined;
  action?: string | undefined;
  from?: number | undefined;
  to?: number | undefined;
  before: Position | null;
  limit: number;
  /** See `seenEntry`. The actor that is asked for is the one that is seen. */
  hidesOperators: boolean;
}

export interface Position {
  at: number;
  seq: number;
}

/** Rows that one page reads at most where actor and action are both asked for, since no index has both. */
const READ_ROWS_MAX = 500;

/** A page of a chain, newest first. With two filters it may be short: `next` says whether it goes on. */
export async function listEntries(
  control: D1Database,
  query: EntriesQuery,
): Promise<{ entries: SeenEntry[]; next: Position | null }> {
  const { actor, action, limit } = query;
  const isBoth = actor !== undefined && action !== undefined;
  const read = isBoth ? READ_ROWS_MAX : limit + 1;
  const rows = await readRows(control, query, read);
  const fitting = isBoth ? rows.filter((row) => row.action === action) : rows;
  const entries = fitting.slice(0, limit);
  const last = fitting.length > limit ? entries.at(-1) : rows.length === read ? rows.at(-1) : undefined;
  const seen = entries.map((entry) => seenEntry(entry, query.hidesOperators));
  return { entries: seen, next: last ? { at: last.at, seq: last.seq } : null };
}

/** By the index of the actor, else of the action, else of the time: each is in the order of the page. */
function readRows(control: D1Database, query: EntriesQuery, limit: number): Promise<AuditEntry[]> {
  const { chain, actor, action, from, to, before } = query;
  const { seenAs, actor: whoever } = auditEntries;
  const first = actor !== undefined ? eq(query.hidesOperators ? seenAs : whoever, actor) : undefined;
  const second = actor === undefined && action !== undefined ? eq(auditEntries.action, action) : undefined;
  const since = from === undefined ? undefined : gte(auditEntries.at, from);
  // One bound, the lower: of two SQLite would take the first for the index, and walk down to the other.
  const end = Math.min(to ?? Infinity, before === null ? Infinity : before.at + 1);
  const until = end === Infinity ? undefined : lt(auditEntries.at, end);
  return drizzle(control)
    .select()
    .from(auditEntries)
    .where(and(eq(auditEntries.chain, chain), first, second, since, until, after(before)))
    .orderBy(desc(auditEntries.at), desc(auditEntries.seq))
    .limit(limit);
}

/** Past the last entry that was seen: among those of the same time by number. */
const after = (before: Position | null): SQL | undefined =>
  before === null ? undefined : or(lt(auditEntries.at, before.at), lt(auditEntries.seq, before.seq));
