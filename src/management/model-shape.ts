import { z } from "@hono/zod-openapi";
import type { WrittenModel } from "../catalog/index.ts";
import { formatMicros, pickRate, ratesFor, type RateVersion } from "../money/index.ts";
import { readEnablable, type CatalogueEntry, type CatalogueModel, type Settings } from "../settings/index.ts";
import type { StoredCheck } from "../sync/index.ts";
import { AmountOut, InstantOut, toInstantOrNull } from "./fields.ts";
import { RateSchema, toRate } from "./rate-shape.ts";

const ListedSchema = z
  .object({
    base_price: z.string(),
    formula: z.string(),
    unit: z.enum(["second", "run"]).nullable(),
    unit_price: AmountOut.nullable().openapi({ description: "null: the list fixes no price" }),
    changed_at: InstantOut.nullable(),
    missing_since: InstantOut.nullable().openapi({ description: "Since when the list has it no more" }),
  })
  .openapi("ListedPrice");

export const ModelSchema = z
  .object({
    id: z.string(),
    type: z.string(),
    description: z.string(),
    origin: z
      .enum(["written", "synced"])
      .openapi({ description: "written: described by this gateway, field by field" }),
    enabled: z.boolean(),
    cost: RateSchema.nullable().openapi({ description: "In force now. null: unpriced, so refused" }),
    listed: ListedSchema.nullable().openapi({ description: "What WaveSpeed's list says; null: it was never in it" }),
    cannot_enable: z.string().nullable().openapi({ description: "Why it cannot be enabled as it is" }),
    not_checked: z.array(z.string()).openapi({ description: "What of its schema is left to WaveSpeed" }),
    schema_changed: z.boolean().openapi({ description: "The list's schema is not the one that it was enabled with" }),
    price_checks: z.array(
      z.object({
        source: z.enum(["list", "quote"]),
        seconds: z.number().int(),
        cost: AmountOut,
        upstream: AmountOut.nullable(),
        difference: AmountOut.nullable().openapi({ description: "Upstream's less ours" }),
        checked_at: InstantOut.nullable(),
        agreed_at: InstantOut.nullable().openapi({ description: "When both were last seen to be the same" }),
      }),
    ),
  })
  .openapi("Model");

type ModelShape = z.infer<typeof ModelSchema>;

/** What is looked up beside a model to show it. */
export interface ModelFacts {
  settings: Settings;
  checks: ReadonlyMap<string, readonly StoredCheck[]>;
}

export function toWrittenModel(model: WrittenModel, listed: CatalogueModel | undefined, facts: ModelFacts): ModelShape {
  const { id, type, description } = model;
  const rate = pickRate(ratesFor(model, facts.settings.rates.get(id)), facts.settings.loadedAt);
  return {
    id,
    type,
    description,
    origin: "written",
    enabled: !facts.settings.disabledModels.has(id),
    cost: toRateOrNull(rate),
    listed: listed ? toListed(listed) : null,
    cannot_enable: null,
    not_checked: [],
    schema_changed: false,
    price_checks: toChecks(facts.checks.get(id)),
  };
}

export function toSyncedModel({ listed, enabled, enabledHash }: CatalogueEntry, facts: ModelFacts): ModelShape {
  const id = listed.model;
  const versions = facts.settings.rates.get(id) ?? [];
  const read = readEnablable(listed);
  const gone = listed.missingSince === null ? null : "WaveSpeed's list has it no more";
  const unpriced = read.ok && !read.value.price.ok && versions.length === 0 ? read.value.price.error : null;
  return {
    id,
    type: listed.type,
    description: listed.description,
    origin: "synced",
    enabled,
    cost: toRateOrNull(pickRate(versions, facts.settings.loadedAt)),
    listed: toListed(listed),
    cannot_enable: gone ?? (read.ok ? unpriced : read.error),
    not_checked: read.ok ? read.value.notes : [],
    schema_changed: enabledHash !== null && enabledHash !== listed.schemaHash,
    price_checks: toChecks(facts.checks.get(id)),
  };
}

function toListed(listed: CatalogueModel): z.infer<typeof ListedSchema> {
  const read = readEnablable(listed);
  const price = read.ok && read.value.price.ok ? read.value.price.value : null;
  return {
    base_price: listed.basePrice,
    formula: listed.formula,
    unit: price?.unit ?? null,
    unit_price: price ? formatMicros(price.unitMicros) : null,
    changed_at: toInstantOrNull(listed.changedAt),
    missing_since: toInstantOrNull(listed.missingSince),
  };
}

const toRateOrNull = (rate: RateVersion | undefined): ModelShape["cost"] => (rate ? toRate(rate) : null);

const toChecks = (checks: readonly StoredCheck[] = []): ModelShape["price_checks"] =>
  checks.map(({ source, seconds, costMicros, upstreamMicros, checkedAt, agreedAt }) => ({
    source,
    seconds,
    cost: formatMicros(costMicros),
    upstream: upstreamMicros === null ? null : formatMicros(upstreamMicros),
    difference: upstreamMicros === null ? null : formatMicros(upstreamMicros - costMicros),
    checked_at: toInstantOrNull(checkedAt),
    agreed_at: toInstantOrNull(agreedAt),
  }));
