import { canonicalJson } from "../../catalog/canonical-json.ts";
import type { JobFacts, Mode } from "../journal-entry.ts";
import type { ScopeFacts } from "../scope.ts";
import { BUCKET_MS, bucketOf } from "../spend-store.ts";

/** The primary key of a row of `spend`, in the order of its columns. */
export type SpendColumns = [mode: string, bucket: number, team: string, keyId: string, model: string, tags: string];

/** The same as one text: what a capture adds to. */
export const spendKeyOf = (job: JobFacts): string =>
  spendKey([job.mode, bucketOf(job.admittedAt), job.team ?? "", job.keyId, job.model, canonicalJson(job.tags)]);

export const spendKey = (columns: SpendColumns): string => JSON.stringify(columns);

export const spendColumns = (key: string): SpendColumns => JSON.parse(key) as SpendColumns;

/** Which windows a row of `spend` counts in; `at` is when its quarter of an hour began, epoch ms. */
export function spendFacts(columns: SpendColumns): ScopeFacts & { mode: Mode; at: number } {
  const [mode, bucket, team, keyId, model, tags] = columns;
  return {
    mode: mode as Mode,
    at: bucket * BUCKET_MS,
    team: team === "" ? null : team,
    keyId,
    model,
    tags: JSON.parse(tags) as Record<string, string>,
  };
}
