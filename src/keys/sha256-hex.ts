import { createHash } from "node:crypto";

/** Of a text (UTF-8), 64 small hex digits. Synchronous, as in an object's transaction it must be. */
export const sha256Hex = (text: string): string => createHash("sha256").update(text).digest("hex");
