import { createHash } from "node:crypto";
import type { Prediction } from "../jobs/prediction-view.ts";

/** The ETag of a prediction as it is shown: another text, another tag. */
export const predictionTag = (prediction: Prediction): string =>
  `"${createHash("sha256").update(JSON.stringify(prediction)).digest("hex").slice(0, 32)}"`;
