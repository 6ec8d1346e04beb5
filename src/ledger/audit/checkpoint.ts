import { createHmac, timingSafeEqual } from "node:crypto";
import { secretOfVersion, type GatewaySecrets } from "../../keys/gateway-secrets.ts";
import type { Mode } from "../journal-entry.ts";
import type { ReplayedCredit } from "./replayed.ts";

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
}

/** A state of the ledger that an audit found right. `totals` is the signed text. */
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

export const spendItem = (key: string, micros: number): string => `${key}=${micros}`;

export const holdItem = (jobId: string, facts: string): string => `${jobId}\n${facts}`;

export const readTotals = (checkpoint: Checkpoint): CheckpointTotals =>
  JSON.parse(checkpoint.totals) as CheckpointTotals;

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
