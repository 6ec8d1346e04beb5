import { archiveGap } from "../archive/segment-store.ts";
import { firstSeq, journalHead } from "../journal-store.ts";
import { reportedSeq } from "../tenant-store.ts";
import type { Books } from "./books.ts";
import { missing } from "./chain.ts";
import { compareCounters } from "./compare-counters.ts";
import { compareCredit } from "./compare-credit.ts";
import { compareBaseHolds, compareHolds } from "./compare-holds.ts";
import { compareLimits } from "./compare-limits.ts";
import { compareCaptured, compareEnded, compareOpened } from "./compare-since.ts";
import { compareSpend } from "./compare-spend.ts";
import type { HoldSums } from "./hold-sums.ts";
import type { Pass } from "./pass.ts";
import { SPEND_TABLES } from "./spend-key.ts";

/** One line for each book that has rows. In this order: counters need what the first ones add up. */
export const passesOf = (books: Books): Pass[] => [
  ...SPEND_TABLES.map((table) => compareSpend(books, table)),
  compareBaseHolds(books),
  compareHolds(books),
  compareCounters(books),
  compareEnded(books),
  compareOpened(books),
  compareCaptured(books),
];

/** What is compared in one piece, in the call in which the last pass came to its end. Returns the open holds. */
export function compareWhole(books: Books, leastSeq: number): HoldSums {
  const { base, since } = books;
  compareCheckpoint(books);
  compareJournal(books, leastSeq);
  for (const job of since.ended.values()) base.holds.add(job, -1);
  for (const job of since.opened.values()) base.holds.add(job, 1);
  compareCredit(books, base.holds);
  compareLimits(books, base.holds);
  return base.holds;
}

/** What lies at the checkpoint must be what was signed. */
function compareCheckpoint({ checkpoint, totals, base, differences }: Books): void {
  const name = checkpoint ? `checkpoint ${checkpoint.seq}` : "before the first checkpoint";
  if (base.spendDigest.hex !== totals.spendDigest) differences.add(`${name}: spend is not what it was`);
  if (base.holdsDigest.hex !== totals.holdsDigest) differences.add(`${name}: the open holds are not what they were`);
}

function compareJournal({ sql, checkpoint, differences }: Books, leastSeq: number): void {
  const head = journalHead(sql).seq;
  const base = checkpoint?.seq ?? 0;
  const least = Math.max(leastSeq, base);
  if (head < least) differences.add(`journal: ${missing(head + 1, least)} at its end`);
  const gap = archiveGap(sql, Math.min(firstSeq(sql) ?? 1, base + 1));
  if (gap !== null) differences.add(`journal: ${gap}`);
  // The one thing that a cut-off end of the journal cannot hide from: D1 has had more of it.
  const reported = reportedSeq(sql);
  if (reported > head) differences.add(`journal: ends at ${head}, but D1 has its entries up to ${reported}`);
}
