import { formatMicros } from "../../money/micros.ts";
import { findHold } from "../hold-store.ts";
import type { JobFacts } from "../journal-entry.ts";
import { findBaseHold, findSpend, type SpendState } from "./base-store.ts";
import type { Books } from "./books.ts";
import type { Differences } from "./differences.ts";
import { sameFacts } from "./fold-entry.ts";
import { overItems, type Pass } from "./pass.ts";
import { parseSpendKey } from "./spend-key.ts";

/** Holds made since the checkpoint: each must be in use, and must not have been open there. */
export const compareOpened = ({ sql, since, differences }: Books): Pass =>
  overItems(since.opened.keys(), (id) => {
    if (!since.ended.has(id) && findBaseHold(sql, id) !== null) differences.add(`job ${id}: held twice`);
    if (!findHold(sql, id)) differences.add(`job ${id}: open in the journal, no hold row`);
  });

/** Holds ended since: each must have been open at the checkpoint, with the facts that it ended with. */
export const compareEnded = ({ sql, since, differences }: Books): Pass =>
  overItems(since.ended, ([id, job]) => checkEnd(sql, id, job, differences));

export function checkEnd(sql: SqlStorage, id: string, job: JobFacts, differences: Differences): void {
  const held = findBaseHold(sql, id);
  if (held === null) differences.add(`job ${id}: ended without an open hold`);
  else if (!sameFacts(JSON.parse(held) as JobFacts, job)) {
    differences.add(`job ${id}: ended with other facts than it was held with`);
  }
}

/** A row of what was captured that is not what it was: the journal must say so. */
export function compareSpent({ since, differences }: Books, text: string, row: SpendState): void {
  const inUse = row.capturedMicros - row.checkpointMicros;
  if (inUse === 0) return;
  const rebuilt = since.spend.get(text) ?? 0;
  if (inUse !== rebuilt) differences.add(otherSpend(text, inUse, rebuilt));
}

/** What the journal says was captured: a row must have changed. */
export const compareCaptured = ({ sql, since, differences }: Books): Pass =>
  overItems(since.spend, ([key, rebuilt]) => {
    const row = findSpend(sql, parseSpendKey(key));
    // A row that changed in another way is the other comparison's.
    const unchanged = (row?.capturedMicros ?? 0) === (row?.checkpointMicros ?? 0);
    if (unchanged && rebuilt !== 0) differences.add(otherSpend(key, 0, rebuilt));
  });

const otherSpend = (key: string, inUse: number, rebuilt: number): string =>
  `spend ${key}: ${formatMicros(inUse)} since the checkpoint in use, ${formatMicros(rebuilt)} from the journal`;
