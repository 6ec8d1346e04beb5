import type { Prediction } from "../jobs/prediction-view.ts";

/** FNV-1a's 32-bit offset and prime, and MurmurHash3's constants for a second, independent half. */
const [OFFSET_A, PRIME_A, OFFSET_B, PRIME_B] = [0x811c9dc5, 0x01000193, 0x1b873593, 0x85ebca6b];

/**
 * The ETag of a prediction as it is shown: another text, another tag. It tells versions of one job
 * apart and guards nothing, and is on every read's way: `node:crypto` makes a stream of each hash.
 */
export function predictionTag(prediction: Prediction): string {
  const text = JSON.stringify(prediction);
  let [a, b] = [OFFSET_A, OFFSET_B];
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    a = Math.imul(a ^ code, PRIME_A);
    b = Math.imul(b ^ code, PRIME_B);
  }
  return `"${hex(a)}${hex(b)}"`;
}

const hex = (half: number): string => (half >>> 0).toString(16).padStart(8, "0");
