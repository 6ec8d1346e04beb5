import type { FieldIssue } from "../errors/catalogue.ts";
import { ok, type Result } from "../errors/result.ts";
import type { ModelEntry } from "./types.ts";
import { validateInput } from "./validate-input.ts";
import { validateSynced } from "./validate-synced.ts";

/** Seconds that these inputs ask for, for a price: inputs that do not change it may be missing; wrong ones are refused. */
export function pricedSeconds(model: ModelEntry, inputs: unknown): Result<number, FieldIssue[]> {
  const given = typeof inputs === "object" && inputs !== null && !Array.isArray(inputs) ? inputs : {};
  const valid =
    "fields" in model
      ? validateInput(model, { ...requiredFillers(model), ...given })
      : validateSynced(model, given, { partial: true });
  return valid.ok ? ok(valid.value.seconds) : valid;
}

function requiredFillers(model: Extract<ModelEntry, { fields: unknown }>): Record<string, string> {
  const fillers = Object.entries(model.fields).flatMap(([name, spec]) => {
    if (!("required" in spec) || spec.required !== true) return [];
    return [[name, spec.kind === "image" ? "https://example.com/image.png" : "priced"]];
  });
  return Object.fromEntries(fillers) as Record<string, string>;
}
