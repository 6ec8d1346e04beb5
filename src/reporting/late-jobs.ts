import type { Refusal } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import type { JournalEntry } from "../ledger/journal-entry.ts";
import { jobChanges } from "./job-changes.ts";
import type { Journal } from "./replay-journal.ts";
import { toRow } from "./upsert-jobs.ts";

const PAGE_ENTRIES_MAX = 500;

/** Entries that a read takes from the journal; their jobs fit one parameter of D1 with room to spare. */
export const LATE_ENTRIES_MAX = 5_000;

/** What the journal says of jobs past the point up to which D1 is complete, as JSON for `jobsNow`. */
export type LateJobs = string & { readonly late: unique symbol };

/**
 * Reads what D1 has not heard yet, so that a job is on its tenant's lists as soon as its submit was answered. D1 may
 * hear some of it meanwhile: `jobsNow` takes whichever of the two says more. Refused (503) if D1 is too far behind.
 */
export async function readLateJobs(
  db: D1Database,
  tenant: string,
  journal: Pick<Journal, "entries">,
): Promise<Result<LateJobs, Refusal>> {
  const mark = await db.prepare("SELECT seq FROM watermarks WHERE tenant = ?1").bind(tenant).first<{ seq: number }>();
  const late: JournalEntry[] = [];
  let seq = mark?.seq ?? 0;
  for (;;) {
    const { entries, headSeq } = await journal.entries(seq, PAGE_ENTRIES_MAX);
    if (headSeq - seq + late.length > LATE_ENTRIES_MAX) return err(BEHIND);
    late.push(...entries);
    seq = entries.at(-1)?.seq ?? headSeq;
    if (seq >= headSeq) break;
  }
  const rows = jobChanges(late).map((change) => ({ ...toRow(change), tags: undefined }));
  return ok(JSON.stringify(rows) as LateJobs);
}

const BEHIND: Refusal = {
  code: "report_behind",
  message: `lists are being brought up to date: more than ${LATE_ENTRIES_MAX} entries are on their way`,
  retryAfterSeconds: 10,
};
