import { createHash } from "node:crypto";

const MODULUS = 1n << 256n;

/**
 * A digest of a set of texts that does not depend on their order, and that one text can be added to
 * or taken from without the others: the sum of their SHA-256, modulo 2^256.
 */
export class MultisetDigest {
  #sum: bigint;

  /** `hex`: where an earlier digest ended; the empty set by default. */
  constructor(hex = "0") {
    this.#sum = BigInt(`0x${hex}`);
  }

  add(text: string): void {
    this.#sum = (this.#sum + hashOf(text)) % MODULUS;
  }

  remove(text: string): void {
    this.#sum = (this.#sum - hashOf(text) + MODULUS) % MODULUS;
  }

  /** 64 hex digits. */
  get hex(): string {
    return this.#sum.toString(16).padStart(64, "0");
  }
}

const hashOf = (text: string): bigint => BigInt(`0x${createHash("sha256").update(text).digest("hex")}`);
