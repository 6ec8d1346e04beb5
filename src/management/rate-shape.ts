import { z } from "@hono/zod-openapi";
import { formatMicros, type RateVersion } from "../money/index.ts";
import { AmountOut, InstantOut, toInstant } from "./fields.ts";

/** One version of a price. Version 1 is the catalogue's, in force since 1970. */
export const RateSchema = z
  .object({
    model: z.string(),
    version: z.number().int(),
    unit: z.enum(["second", "run"]),
    unit_price: AmountOut,
    effective_from: InstantOut,
    confirmed: z.boolean().openapi({ description: "False: no bill of WaveSpeed's has shown it yet" }),
    source: z.string(),
  })
  .openapi("Rate");

export const toRate = (rate: RateVersion): z.infer<typeof RateSchema> => ({
  model: rate.model,
  version: rate.version,
  unit: rate.unit,
  unit_price: formatMicros(rate.unitMicros),
  effective_from: toInstant(rate.effectiveFrom),
  confirmed: rate.confirmed,
  source: rate.source,
});
