import type { JobFacts } from "../journal-entry.ts";
import { scopesOf } from "../scope.ts";
import type { Books } from "./books.ts";
import { holdItem } from "./checkpoint.ts";
import { overRows, type Pass } from "./pass.ts";

interface HeldRow extends Record<string, SqlStorageValue> {
  job_id: string;
  price_micros: number;
  facts: string;
  base: string | null;
}

/** Rows of `holds` against the journal: each must be open there, with the same facts. */
export function compareHolds({ sql, since, differences }: Books): Pass {
  return overRows<HeldRow>(
    (after, limit) =>
      sql
        .exec<HeldRow>(
          `SELECT h.job_id, h.price_micros, h.facts, c.facts AS base
           FROM open_holds AS h LEFT JOIN checkpoint_holds AS c ON c.job_id = h.job_id
           WHERE h.job_id > ? ORDER BY h.job_id LIMIT ?`,
          after?.job_id ?? "",
          limit,
        )
        .toArray(),
    ({ job_id: id, price_micros: price, facts, base }) => {
      const opened = since.opened.get(id);
      const open = opened ? JSON.stringify(opened) : since.ended.has(id) ? null : base;
      if (open === null) differences.add(`job ${id}: hold row without an open journal entry`);
      else if (price !== (JSON.parse(open) as JobFacts).priceMicros)
        differences.add(`job ${id}: hold row has another amount`);
      else if (facts !== open) differences.add(`job ${id}: hold row has other facts`);
    },
  );
}

interface BaseRow extends Record<string, SqlStorageValue> {
  job_id: string;
  facts: string;
  in_use: number;
}

/** Rows of `checkpoint_holds`: added up as what was signed, and each that has not ended must be in use. */
export function compareBaseHolds({ sql, base, since, differences }: Books): Pass {
  return overRows<BaseRow>(
    (after, limit) =>
      sql
        .exec<BaseRow>(
          `SELECT c.job_id, c.facts, h.job_id IS NOT NULL AS in_use
           FROM checkpoint_holds AS c LEFT JOIN open_holds AS h ON h.job_id = c.job_id
           WHERE c.job_id > ? ORDER BY c.job_id LIMIT ?`,
          after?.job_id ?? "",
          limit,
        )
        .toArray(),
    ({ job_id: id, facts, in_use: inUse }) => {
      const job = JSON.parse(facts) as JobFacts;
      base.holdsDigest.add(holdItem(id, facts));
      base.holds.add(job, 1);
      base.held.add({ mode: job.mode, at: job.admittedAt, scopes: scopesOf(job) }, job.priceMicros);
      if (inUse === 0 && !since.ended.has(id)) differences.add(`job ${id}: open in the journal, no hold row`);
    },
  );
}
