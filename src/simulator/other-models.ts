import { readInputSchema, validateInput, type SyncedModel, type ValidInput } from "../catalog/index.ts";
import type { FieldIssue } from "../errors/catalogue.ts";
import type { Result } from "../errors/result.ts";
import { Z_IMAGE_TURBO } from "./z-image-turbo.ts";
import { TEST_MODELS } from "./test-models.ts";

/** A model that is sold here beside the Kling ones, as WaveSpeed's list prints it. */
export interface OtherModel {
  id: string;
  type: string;
  description: string;
  basePriceUsd: number;
  /** JSONata; '' where the base price is the price. */
  formula: string;
  /** As a vendor writes it. */
  requestSchema: Record<string, unknown>;
  output: "image" | "video";
  /** What the formula comes to for these inputs: reckoned here, and not by the gateway's reading of it. */
  priceUsd: (inputs: Readonly<Record<string, unknown>>) => number;
}

const OTHER_MODELS: readonly OtherModel[] = [Z_IMAGE_TURBO, ...TEST_MODELS];

const BY_ID: ReadonlyMap<string, OtherModel> = new Map(OTHER_MODELS.map((model) => [model.id, model]));

export const otherModels = (): readonly OtherModel[] => OTHER_MODELS;

export const otherModel = (id: string): OtherModel | undefined => BY_ID.get(id);

/** Inputs as WaveSpeed checks them: by the schema that it prints. */
export function checkOther(model: OtherModel, inputs: Record<string, unknown>): Result<ValidInput, FieldIssue[]> {
  return validateInput(validatorOf(model), inputs);
}

function validatorOf({ id, type, description, requestSchema }: OtherModel): SyncedModel {
  const read = readInputSchema(requestSchema);
  if (!read.ok) throw new Error(`the simulator's own model ${id}: ${read.error}`);
  const { schema } = read.value;
  const facts = { id, name: id, type, description, cost: null, source: "the simulator" };
  return { ...facts, schema, schemaKey: `simulator ${id}`, secondsField: null };
}
