import { and, asc, between, desc, eq, gte, lt, type SQL } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { streamText } from "../export/stream-text.ts";
import type { Refusal } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import { readHead } from "./chain-head.ts";
import { FIRST_HASH } from "./entry-hash.ts";
import { exportHead, exportText, type ExportFormat } from "./export-text.ts";
import { auditEntries } from "./schema.ts";
import { seenEntry } from "./seen-entry.ts";

/** Entries of one export at most, and of one read of it. */
export const EXPORT_ENTRIES_MAX = 100_000;
const PAGE_ENTRIES = 200;

/** `from` inclusive, `to` exclusive: epoch ms; undefined: to the end of the chain. */
export interface ExportQuery {
  chain: string;
  format: ExportFormat;
  from?: number | undefined;
  to?: number | undefined;
  /** See `seenEntry`. */
  hidesOperators: boolean;
}

/** A span of a chain as text, the oldest first, read page by page while it is sent. */
export async function exportEntries(
  control: D1Database,
  query: ExportQuery,
): Promise<Result<ReadableStream<Uint8Array>, Refusal>> {
  const { chain, format, hidesOperators } = query;
  const [first, last] = await Promise.all([edge(control, query, asc), edge(control, query, desc)]);
  const count = first === null || last === null ? 0 : last - first + 1;
  if (count > EXPORT_ENTRIES_MAX) return err(tooMany(count));
  const start = first ?? 1;
  const end = last ?? 0;
  const previous = count === 0 ? FIRST_HASH : await hashBefore(control, chain, start);
  return ok(streamText(pages(control, { chain, format, hidesOperators, start, end, previous })));
}

const tooMany = (count: number): Refusal => ({
  code: "invalid_request",
  message: `from and to must span ${EXPORT_ENTRIES_MAX} entries at most (was ${count})`,
  issues: [{ field: "from", rule: `must span ${EXPORT_ENTRIES_MAX} entries at most`, value: String(count) }],
});

interface Span {
  chain: string;
  format: ExportFormat;
  hidesOperators: boolean;
  start: number;
  end: number;
  previous: string;
}

async function* pages(control: D1Database, span: Span): AsyncGenerator<string> {
  const { chain, format, hidesOperators, start, end, previous } = span;
  yield exportHead(format);
  let hash = previous;
  for (let from = start; from <= end; from += PAGE_ENTRIES) {
    const isPage = between(auditEntries.seq, from, Math.min(from + PAGE_ENTRIES - 1, end));
    const entries = await drizzle(control)
      .select()
      .from(auditEntries)
      .where(and(eq(auditEntries.chain, chain), isPage))
      .orderBy(asc(auditEntries.seq));
    const seen = entries.map((entry) => seenEntry(entry, hidesOperators));
    yield exportText(format, hash, seen);
    hash = entries.at(-1)?.hash ?? hash;
  }
}

/** The first or last number of the span: times rise with numbers. */
async function edge(
  control: D1Database,
  { chain, from, to }: ExportQuery,
  order: typeof asc | typeof desc,
): Promise<number | null> {
  const since: SQL | undefined = from === undefined ? undefined : gte(auditEntries.at, from);
  const until: SQL | undefined = to === undefined ? undefined : lt(auditEntries.at, to);
  const [row] = await drizzle(control)
    .select({ seq: auditEntries.seq })
    .from(auditEntries)
    .where(and(eq(auditEntries.chain, chain), since, until))
    .orderBy(order(auditEntries.at), order(auditEntries.seq))
    .limit(1);
  return row?.seq ?? null;
}

async function hashBefore(control: D1Database, chain: string, seq: number): Promise<string> {
  const [row] = await drizzle(control)
    .select({ hash: auditEntries.hash })
    .from(auditEntries)
    .where(and(eq(auditEntries.chain, chain), eq(auditEntries.seq, seq - 1)))
    .limit(1);
  return row?.hash ?? (await readHead(control, chain))?.cutHash ?? FIRST_HASH;
}
