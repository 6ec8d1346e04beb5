import { allBudgets } from "../budget-store.ts";
import { ledgerNow } from "../journal-store.ts";
import { allLimits } from "../limit-store.ts";
import { scopeKey } from "../scope.ts";
import type { Checkpoint, CheckpointTotals } from "./checkpoint.ts";
import { comparedWindows, scopeOf } from "./compared-windows.ts";
import type { Differences } from "./differences.ts";
import { HoldSums } from "./hold-sums.ts";
import { MultisetDigest } from "./multiset-digest.ts";
import type { Replayed } from "./replayed.ts";
import { WindowSums } from "./window-sums.ts";

/** What every comparison of one audit shares: the checkpoint, what lies there, and what entries changed since. */
export interface Books {
  sql: SqlStorage;
  checkpoint: Checkpoint | null;
  totals: CheckpointTotals;
  base: BaseSums;
  /** Whoever compares with a table in use must have followed the journal up to the head in the same call. */
  since: Replayed;
  differences: Differences;
}

/** What lies at the checkpoint, added up row by row. */
export interface BaseSums {
  /** When it began, epoch ms: no job at the checkpoint was admitted later. */
  began: number;
  /** What each counter had captured and held. */
  captured: WindowSums;
  held: WindowSums;
  /** The open holds. Only scopes with a limit have their running jobs counted. */
  holds: HoldSums;
  spendDigest: MultisetDigest;
  holdsDigest: MultisetDigest;
  spendRows: number;
}

export function noBaseSums(sql: SqlStorage): BaseSums {
  const began = ledgerNow(sql);
  const windows = comparedWindows(allBudgets(sql), began);
  return {
    began,
    captured: new WindowSums(windows),
    held: new WindowSums(windows),
    holds: new HoldSums(allLimits(sql).map(({ mode, scope }) => scopeOf(mode, scopeKey(scope)))),
    spendDigest: new MultisetDigest(),
    holdsDigest: new MultisetDigest(),
    spendRows: 0,
  };
}
