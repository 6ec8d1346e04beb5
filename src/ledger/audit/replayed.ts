import type { JobFacts, Mode } from "../journal-entry.ts";

/**
 * What a run of entries changed, against the state before the first of them. Amounts are micro-dollars.
 * Whatever else entries move is one more field here, one case in `fold-entry.ts`, one comparison in
 * `compare-books.ts`, and one field of `CheckpointTotals`.
 */
export interface Replayed {
  entries: number;
  /** Holds that were made and have not ended. */
  opened: Map<string, JobFacts>;
  /** Holds that ended and were made before the first entry. */
  ended: Map<string, JobFacts>;
  /** Captured, by row of `spend` and `tag_spend` (see spend-key.ts). */
  spend: Map<string, number>;
  captured: Record<Mode, number>;
  /** Not a change but the credit itself, as it is after the last of them. */
  credit: ReplayedCredit;
}

/** Limit null: there is no credit. What is held on it follows from the open holds. */
export interface ReplayedCredit {
  balanceMicros: number;
  limitMicros: number | null;
}

export const NO_CREDIT: Readonly<ReplayedCredit> = { balanceMicros: 0, limitMicros: null };

/** `credit`: as it is before the first entry. */
export const nothingReplayed = (credit: Readonly<ReplayedCredit>): Replayed => ({
  entries: 0,
  opened: new Map(),
  ended: new Map(),
  spend: new Map(),
  captured: { live: 0, test: 0 },
  credit: { ...credit },
});
