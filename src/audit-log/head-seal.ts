import { createHmac, timingSafeEqual } from "node:crypto";
import { secretOfVersion, type GatewaySecrets } from "../keys/gateway-secrets.ts";
import { sha256Hex } from "../keys/sha256-hex.ts";
import type { auditChains } from "./schema.ts";

/** Where a chain stands, as stored. */
export type ChainHead = typeof auditChains.$inferSelect;

/** What the seal is of. */
export type HeadFacts = Pick<ChainHead, "chain" | "seq" | "hash" | "at" | "cutSeq" | "cutHash" | "retentionDays">;

type Seal = Pick<ChainHead, "keyVersion" | "mac">;

/** Seals a head with the gateway's newest secret, which whoever can only write to the database has not. */
export function sealHead(facts: HeadFacts, { newest }: GatewaySecrets): Seal {
  return { keyVersion: newest.version, mac: macOf(newest.secret, facts) };
}

/** For a head that follows one that was not ours: sealing it would vouch for that one. It differs with every write. */
export const leaveUnsealed = (facts: HeadFacts): Seal => ({ keyVersion: 0, mac: sha256Hex(textOf(facts)) });

/** Whether the gateway wrote this head. */
export function isSealed(head: ChainHead, secrets: GatewaySecrets): boolean {
  const secret = secretOfVersion(secrets, head.keyVersion);
  if (secret === null) return false;
  const [given, own] = [Buffer.from(head.mac), Buffer.from(macOf(secret, head))];
  return given.length === own.length && timingSafeEqual(given, own);
}

/** The seal of what follows `before`. */
export const sealAfter = (before: ChainHead, facts: HeadFacts, secrets: GatewaySecrets): Seal =>
  isSealed(before, secrets) ? sealHead(facts, secrets) : leaveUnsealed(facts);

const macOf = (secret: string, facts: HeadFacts): string =>
  createHmac("sha256", secret)
    .update(`wavegate audit head\n${textOf(facts)}`)
    .digest("hex");

const textOf = ({ chain, seq, hash, at, cutSeq, cutHash, retentionDays }: HeadFacts): string =>
  JSON.stringify([chain, seq, hash, at, cutSeq, cutHash, retentionDays]);
