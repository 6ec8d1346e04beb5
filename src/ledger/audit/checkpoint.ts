import { createHmac, timingSafeEqual } from "node:crypto";
import { secretOfVersion, type GatewaySecrets } from "../../keys/gateway-secrets.ts";
import type { Mode } from "../journal-entry.ts";
import { NO_CREDIT, type ReplayedCredit } from "./replayed.ts";

/** The state at a checkpoint, in sums (micro-dollars) and digests (hex). */
export interface CheckpointTotals {
  captured: Record<Mode, number>;
  held: Record<Mode, number>;
  openHolds: number;
  credit: ReplayedCredit;
  /** Over every row of `spend` and `tag_spend` that is not zero at the checkpoint, as `spendItem` writes it. */
  spendDigest: string;
  /** Over every row of `checkpoint_holds`, as `holdItem` writes it. */
  holdsDigest: string;
  /** Rows of `spend` and `tag_spend` that the last audit read; null: an older version did not count them. */
  spendRows: number | null;
  /** An audit from here found the tables in use right. */
  verified: boolean;
}

/** The ledger's state at one entry, as the journal makes it. `totals` is the signed text. */
export interface Checkpoint {
  seq: number;
  /** Chain hash of entry `seq`. */
  hash: string;
  at: number;
  /** Entries that were replayed to come here from the checkpoint before. */
  entries: number;
  totals: string;
  secretVersion: number;
  signature: string;
}

type Unsigned = Omit<Checkpoint, "secretVersion" | "signature">;

/** Before the first entry. */
export const NO_TOTALS: Readonly<CheckpointTotals> = {
  captured: { live: 0, test: 0 },
  held: { live: 0, test: 0 },
  openHolds: 0,
  credit: NO_CREDIT,
  spendDigest: "0".repeat(64),
  holdsDigest: "0".repeat(64),
  spendRows: null,
  verified: false,
};

export const spendItem = (key: string, micros: number): string => `${key}=${micros}`;

export const holdItem = (jobId: string, facts: string): string => `${jobId}\n${facts}`;

/** Older versions wrote checkpoints of verified states only, and did not say so. */
export const readTotals = (checkpoint: Checkpoint): CheckpointTotals => ({
  spendRows: null,
  verified: true,
  ...(JSON.parse(checkpoint.totals) as Omit<CheckpointTotals, "spendRows" | "verified">),
});

/** Signs under the gateway's newest secret. */
export function signCheckpoint(tenant: string, unsigned: Unsigned, secrets: GatewaySecrets): Checkpoint {
  const { version, secret } = secrets.newest;
  return { ...unsigned, secretVersion: version, signature: macOf(secret, version, tenant, unsigned) };
}

/** What is wrong with a checkpoint's signature; null: nothing. */
export function checkpointFault(tenant: string, checkpoint: Checkpoint, secrets: GatewaySecrets): string | null {
  const { seq, secretVersion, signature } = checkpoint;
  const secret = secretOfVersion(secrets, secretVersion);
  if (secret === null)
    return `checkpoint ${seq}: signed under secret version ${secretVersion}, which is not configured`;
  const expected = Buffer.from(macOf(secret, secretVersion, tenant, checkpoint));
  const given = Buffer.from(signature);
  const genuine = given.length === expected.length && timingSafeEqual(given, expected);
  return genuine ? null : `checkpoint ${seq}: its signature is not the gateway's`;
}

const macOf = (secret: string, version: number, tenant: string, { seq, hash, at, entries, totals }: Unsigned): string =>
  createHmac("sha256", secret)
    .update(`wavegate checkpoint\n${version}\n${tenant}\n${seq}\n${hash}\n${at}\n${entries}\n${totals}`)
    .digest("hex");
