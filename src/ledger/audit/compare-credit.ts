import { formatMicros } from "../../money/micros.ts";
import { findCredit } from "../credit-store.ts";
import type { Rebuilt } from "./compare-books.ts";
import type { Differences } from "./differences.ts";

/** The credit in use, if there is one, against the journal's. */
export function compareCredit(sql: SqlStorage, { replayed, open }: Rebuilt, differences: Differences): void {
  const inUse = findCredit(sql) ?? { balanceMicros: 0, limitMicros: null, heldMicros: 0, heldJobs: 0 };
  const onCredit = [...open.values()].filter((job) => job.onCredit);
  const heldMicros = onCredit.reduce((sum, job) => sum + job.priceMicros, 0);
  const expect = (name: string, kept: number | null, rebuilt: number | null): void => {
    if (kept === rebuilt) return;
    differences.add(`credit: ${name} ${shown(kept)} in use, ${shown(rebuilt)} from the journal`);
  };
  expect("balance", inUse.balanceMicros, replayed.credit.balanceMicros);
  expect("limit", inUse.limitMicros, replayed.credit.limitMicros);
  expect("held", inUse.heldMicros, heldMicros);
  if (inUse.heldJobs !== onCredit.length) differences.add("credit: another number of held jobs");
}

const shown = (micros: number | null): string => (micros === null ? "none" : formatMicros(micros));
