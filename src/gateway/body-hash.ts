import { canonicalJson } from "../catalog/index.ts";
import { sha256Hex } from "../keys/sha256-hex.ts";

/**
 * By which equal submits are known: the SHA-256 (hex) of the canonical JSON of `{flags, input, model}`. The input's own text is
 * known already, and may be 28 MiB, so it is not made once more.
 */
export const bodyHash = (model: string, flags: object, canonicalInput: string): string =>
  sha256Hex(`{"flags":${canonicalJson(flags)},"input":${canonicalInput},"model":${canonicalJson(model)}}`);
