export { canonicalJson } from "./canonical-json.ts";
export { describeIssues } from "./describe-issues.ts";
export { findModel, listModels } from "./models.ts";
export { pricedSeconds } from "./priced-seconds.ts";
export { showValue } from "./show-value.ts";
export { requestSchema, type RequestSchema } from "./request-schema.ts";
export { defaultInputs } from "./fill-defaults.ts";
export { readInputSchema, type ReadSchema } from "./input-schema.ts";
export { isRecord } from "./schema-keywords.ts";
export { durationInputs, secondsFieldOf } from "./seconds-field.ts";
export { validateInput } from "./validate-input.ts";
export { validateSynced } from "./validate-synced.ts";
export type {
  CostSpec,
  FieldSpec,
  ImageRule,
  InputSchema,
  Json,
  ModelEntry,
  SyncedModel,
  ValidateInput,
  ValidInput,
  WrittenModel,
} from "./types.ts";
