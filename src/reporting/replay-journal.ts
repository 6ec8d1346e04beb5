import type { JournalEntry } from "../ledger/journal-entry.ts";
import { advanceWatermark } from "./advance-watermark.ts";
import { applyEntries } from "./apply-entries.ts";

/** The ledger answers at most this many entries per call. */
const PAGE_ENTRIES_MAX = 500;

/** The call of a tenant's ledger that reporting needs; its object's stub fits. */
export interface Journal {
  entries(afterSeq: number, limit: number): Promise<{ entries: JournalEntry[]; headSeq: number }>;
}

/** Where a tenant's report stands: complete once `watermark` equals `headSeq`. */
export interface ReplayProgress {
  /** Entries read from the journal and applied in this call. */
  replayed: number;
  watermark: number;
  headSeq: number;
}

/**
 * Replays a tenant's journal into D1 from the watermark on, at most `entriesMax` entries. Safe beside the
 * queue: an entry that came both ways counts once. Throws if the journal has a gap, or D1 has more of it than
 * the ledger: both need an operator.
 */
export async function replayJournal(
  db: D1Database,
  tenant: string,
  journal: Journal,
  entriesMax: number,
): Promise<ReplayProgress> {
  let watermark = await advanceWatermark(db, tenant);
  let replayed = 0;
  for (;;) {
    // Also with nothing left to spend this asks for one entry: the answer carries the head.
    const limit = Math.max(1, Math.min(PAGE_ENTRIES_MAX, entriesMax - replayed));
    const { entries, headSeq } = await journal.entries(watermark, limit);
    if (replayed === 0 && watermark > headSeq) {
      throw new Error(`report of ${tenant} is at ${watermark}, ahead of its ledger at ${headSeq}`);
    }
    if (entries.length > 0 && replayed < entriesMax) {
      await applyEntries(db, tenant, entries);
      replayed += entries.length;
      const moved = await advanceWatermark(db, tenant);
      // A journal with a hole would send us round for ever.
      if (moved <= watermark) throw new Error(`journal of ${tenant} has a gap after ${watermark}`);
      watermark = moved;
      if (watermark < headSeq && replayed < entriesMax) continue;
    }
    return { replayed, watermark, headSeq };
  }
}
