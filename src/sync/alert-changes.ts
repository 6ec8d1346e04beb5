import { ok } from "../errors/result.ts";
import { fixedPrice } from "../money/index.ts";
import { raiseAlert, type Alert } from "../observability/alerts.ts";
import { readEnabledModels, readSettings } from "../settings/index.ts";
import { readChecks, recordChecks, type PriceCheck } from "./price-checks.ts";
import { pricedModels, type PricedModel } from "./priced-models.ts";
import type { ListedModel } from "./types.ts";

interface News {
  listed: ReadonlyMap<string, ListedModel>;
  changes: readonly ListedModel[];
  missing: readonly string[];
}

/**
 * Tells operators what of a new list touches what they sell: an enabled model whose schema has changed or that is
 * gone, and a price that is not ours. What was frozen when it was enabled stays in force.
 */
export async function alertChanges(
  control: D1Database,
  { listed, changes, missing }: News,
  now: number,
): Promise<void> {
  const [settings, enabled] = await Promise.all([readSettings(control, now), readEnabledModels(control)]);
  const frozen = new Map(enabled.map((row) => [row.model, row.schemaHash]));
  for (const subject of missing.filter((id) => frozen.has(id))) {
    const message = `${subject} is enabled here, and WaveSpeed's list has it no more`;
    await tell(control, { kind: "model_missing", subject, message });
  }
  for (const { model: subject, schemaHash } of changes) {
    const before = frozen.get(subject);
    if (before === undefined || before === schemaHash) continue;
    const message = `${subject}: the input schema of WaveSpeed's list has changed. Inputs are checked by the one it was enabled with; enable it again to take the new one`;
    await tell(control, { kind: "schema_changed", subject, message });
  }
  const checks = pricedModels(settings, now).flatMap((priced) => listedCheck(priced, listed.get(priced.model.id)));
  await recordChecks(control, checks, await readChecks(control), now);
}

/** Nobody would be told again once the list is written: then this look breaks off, and the next one tells. */
async function tell(control: D1Database, alert: Alert): Promise<void> {
  if (!(await raiseAlert(control, alert))) throw new Error(`the alert ${alert.kind} of ${alert.subject} was not taken`);
}

/** Our unit price beside the list's; nothing where the list does not have the model. */
function listedCheck({ model, rate }: PricedModel, listed: ListedModel | undefined): PriceCheck[] {
  if (listed === undefined) return [];
  const price = fixedPrice(listed, ok("duration"));
  const sameUnit = price.ok && price.value.unit === rate.unit;
  return [
    {
      model: model.id,
      source: "list",
      seconds: 0,
      costMicros: rate.unitMicros,
      upstreamMicros: sameUnit ? price.value.unitMicros : null,
      reason: price.ok ? (sameUnit ? null : `a price per ${price.value.unit}`) : price.error,
    },
  ];
}
