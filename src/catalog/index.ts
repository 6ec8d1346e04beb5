export { canonicalJson } from "./canonical-json.ts";
export { describeIssues } from "./describe-issues.ts";
export { findModel, listModels } from "./models.ts";
export { showValue } from "./show-value.ts";
export { requestSchema, type RequestSchema } from "./request-schema.ts";
export { validateInput } from "./validate-input.ts";
export type { CostSpec, FieldSpec, ImageRule, ModelEntry, ValidateInput, ValidInput } from "./types.ts";
