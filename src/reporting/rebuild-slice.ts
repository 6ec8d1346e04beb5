import { rebuildReport } from "./rebuild-report.ts";
import { replayJournal, type Journal } from "./replay-journal.ts";

/** Where a rebuild stands: go on with the tenant whose replay was begun, or with the one after it. */
export interface RebuildPosition {
  tenant: string;
  begun: boolean;
}

export interface RebuildLimits {
  tenantsMax: number;
  entriesMax: number;
}

/** About 600 D1 statements at most, under the 1,000 that one invocation may run. */
export const REBUILD_SLICE: RebuildLimits = { tenantsMax: 20, entriesMax: 5_000 };

export interface RebuildSlice {
  /** Tenants whose report became complete, and entries that were replayed. */
  tenants: number;
  replayed: number;
  /** One line for each tenant that failed: it was passed over. */
  problems: string[];
  /** null: there are no more. */
  next: RebuildPosition | null;
}

/**
 * One slice of a rebuild of D1 REPORT: drops what there is of each tenant and replays its journal.
 * `tenantsAfter` answers ids in order, at most `limit`, after the given one.
 */
export async function rebuildSlice(
  db: D1Database,
  from: RebuildPosition,
  tenantsAfter: (after: string, limit: number) => Promise<string[]>,
  journalOf: (tenant: string) => Journal,
  limits: RebuildLimits = REBUILD_SLICE,
): Promise<RebuildSlice> {
  const slice: RebuildSlice = { tenants: 0, replayed: 0, problems: [], next: null };
  let position = from;
  for (let looked = 0; looked < limits.tenantsMax && slice.replayed < limits.entriesMax; looked++) {
    if (!position.begun) {
      const [tenant] = await tenantsAfter(position.tenant, 1);
      if (tenant === undefined) return slice;
      position = { tenant, begun: false };
    }
    position = await rebuildOne(db, position, journalOf(position.tenant), limits.entriesMax - slice.replayed, slice);
  }
  return { ...slice, next: position };
}

/** Returns where to go on: with the same tenant, if its journal is longer than what is left to spend. */
async function rebuildOne(
  db: D1Database,
  { tenant, begun }: RebuildPosition,
  journal: Journal,
  entriesMax: number,
  slice: RebuildSlice,
): Promise<RebuildPosition> {
  try {
    const work = begun ? replayJournal : rebuildReport;
    const { replayed, watermark, headSeq } = await work(db, tenant, journal, entriesMax);
    slice.replayed += replayed;
    if (watermark < headSeq) return { tenant, begun: true };
    slice.tenants += 1;
  } catch (error) {
    slice.problems.push(`tenant ${tenant}: ${String(error)}`);
  }
  return { tenant, begun: false };
}
