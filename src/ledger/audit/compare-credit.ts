import { formatMicros } from "../../money/micros.ts";
import { findCredit } from "../credit-store.ts";
import type { Books } from "./books.ts";
import type { HoldSums } from "./hold-sums.ts";

/** The credit in use, if there is one, against the journal's. */
export function compareCredit({ sql, since, differences }: Books, { onCredit }: HoldSums): void {
  const inUse = findCredit(sql) ?? { balanceMicros: 0, limitMicros: null, heldMicros: 0, heldJobs: 0 };
  const expect = (name: string, kept: number | null, rebuilt: number | null): void => {
    if (kept === rebuilt) return;
    differences.add(`credit: ${name} ${shown(kept)} in use, ${shown(rebuilt)} from the journal`);
  };
  expect("balance", inUse.balanceMicros, since.credit.balanceMicros);
  expect("limit", inUse.limitMicros, since.credit.limitMicros);
  expect("held", inUse.heldMicros, onCredit.micros);
  if (inUse.heldJobs !== onCredit.jobs) differences.add("credit: another number of held jobs");
}

const shown = (micros: number | null): string => (micros === null ? "none" : formatMicros(micros));
