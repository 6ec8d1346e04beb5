import type { JobFacts, Mode } from "../journal-entry.ts";
import { scopeKey, scopesOf } from "../scope.ts";
import { BUCKET_MS, bucketOf } from "../spend-store.ts";

/** A row of what was captured: its table, then its primary key in the order of the columns. */
export type SpendKey =
  | ["spend", mode: string, bucket: number, team: string, keyId: string, model: string]
  | ["tag_spend", mode: string, name: string, value: string, bucket: number];

export type SpendTable = SpendKey[0];

/** The primary key of each table that captured money is counted in. */
export const SPEND_COLUMNS: Readonly<Record<SpendTable, readonly string[]>> = {
  spend: ["mode", "bucket", "team", "key_id", "model"],
  tag_spend: ["mode", "name", "value", "bucket"],
};

export const SPEND_TABLES: readonly SpendTable[] = ["spend", "tag_spend"];

/** Every row that the capture of a job adds to, as text. */
export function spendKeysOf(job: JobFacts): string[] {
  const bucket = bucketOf(job.admittedAt);
  const keys: SpendKey[] = [["spend", job.mode, bucket, job.team ?? "", job.keyId, job.model]];
  for (const [name, value] of Object.entries(job.tags)) keys.push(["tag_spend", job.mode, name, value, bucket]);
  return keys.map(spendKey);
}

/** As one text: what digests and differences name a row by. */
export const spendKey = (key: SpendKey): string => JSON.stringify(key);

export const parseSpendKey = (text: string): SpendKey => JSON.parse(text) as SpendKey;

/** Which counters a row counts in; `at` is when its quarter of an hour began, epoch ms. */
export interface Spent {
  mode: Mode;
  at: number;
  scopes: string[];
}

export function spentBy(key: SpendKey): Spent {
  if (key[0] === "tag_spend") {
    const [, mode, name, value, bucket] = key;
    return { mode: mode as Mode, at: bucket * BUCKET_MS, scopes: [scopeKey({ kind: "tag", name, value })] };
  }
  const [, mode, bucket, team, keyId, model] = key;
  const scopes = scopesOf({ team: team === "" ? null : team, keyId, model, tags: {} });
  return { mode: mode as Mode, at: bucket * BUCKET_MS, scopes };
}
