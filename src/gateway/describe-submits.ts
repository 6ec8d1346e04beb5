import { requestSchema, type ModelEntry } from "../catalog/index.ts";

type PathItem = Record<string, unknown>;

/** OpenAPI paths of the tenant API: one submit per model that is known here, and the result of a job. */
export function describeSubmits(models: readonly ModelEntry[]): Record<string, PathItem> {
  const submits = models.map((model) => [`/api/v3/${model.id}`, { post: describeSubmit(model) }]);
  return { ...Object.fromEntries(submits), "/api/v3/predictions/{id}/result": { get: RESULT } };
}

const security = [{ tenantKey: [] }];

const envelope = (description: string): PathItem => ({
  description,
  content: { "application/json": { schema: { $ref: "#/components/schemas/PredictionEnvelope" } } },
});

const refused = (description: string): PathItem => ({
  description,
  content: { "application/json": { schema: { $ref: "#/components/schemas/RefusalEnvelope" } } },
});

/** The model's input and the gateway's own flags. */
function submitSchema(model: ModelEntry): Record<string, unknown> {
  const schema = requestSchema(model);
  const sync = { type: "boolean", default: false, description: "Answer when the job has ended, or as WaveSpeed does" };
  const base64 = { type: "boolean", default: false, description: "Reads of the result give the outputs as base64" };
  const flags = { enable_sync_mode: sync, enable_base64_output: base64 };
  return { ...schema, properties: { ...Object(schema.properties), ...flags } };
}

const WEBHOOK = "Where to report the end of this job: https, port 443, a public host name";

const describeSubmit = (model: ModelEntry): PathItem => ({
  operationId: `submit ${model.id}`,
  tags: ["jobs"],
  summary: model.name,
  description: model.description,
  security,
  parameters: [
    { name: "webhook", in: "query", schema: { type: "string", format: "uri", maxLength: 2_048 }, description: WEBHOOK },
    { name: "Idempotency-Key", in: "header", schema: { type: "string", maxLength: 255 } },
    { name: "x-wavegate-quote", in: "header", schema: { type: "string", maxLength: 600 } },
    { name: "x-wavegate-priority", in: "header", schema: { enum: ["low", "normal", "high"], default: "normal" } },
    { name: "x-wavegate-tags", in: "header", schema: { type: "string" }, example: "project=alpha,shot=12" },
  ],
  requestBody: { required: true, content: { "application/json": { schema: submitSchema(model) } } },
  responses: {
    200: envelope("The job"),
    400: refused("Wrong input, every field named"),
    401: refused("Key"),
    402: refused("No budget or credit, or not enough of it"),
    403: refused("Scope, address or model not allowed; tenant suspended"),
    409: refused("Idempotency-Key with another body; a quote of something else, or expired"),
    413: refused("Body too large"),
    429: refused("A limit is full; retry-after says when"),
    503: refused("Paused, or upstream trouble; retry-after says when"),
  },
});

const RESULT: PathItem = {
  operationId: "result",
  tags: ["jobs"],
  summary: "A job's state and outputs",
  security,
  parameters: [{ name: "id", in: "path", required: true, schema: { type: "string", pattern: "^[0-9a-f]{32}$" } }],
  responses: { 200: envelope("The job"), 404: refused("Not one of this tenant's jobs") },
};

/** Schemas that the paths above refer to. */
export const SUBMIT_SCHEMAS: Record<string, PathItem> = {
  PredictionEnvelope: {
    type: "object",
    required: ["code", "message", "data"],
    properties: {
      code: { type: "integer" },
      message: { type: "string" },
      data: {
        type: "object",
        required: ["id", "model", "outputs", "urls", "has_nsfw_contents", "status", "created_at", "error", "timings"],
        properties: {
          id: { type: "string" },
          model: { type: "string" },
          outputs: { type: "array", items: {} },
          urls: { type: "object", properties: { get: { type: "string", format: "uri" } } },
          has_nsfw_contents: { type: "array", items: { type: "boolean" } },
          status: { enum: ["created", "processing", "completed", "failed", "cancelled", "timeout"] },
          created_at: { type: "string", format: "date-time" },
          error: { type: "string" },
          executionTime: { type: "number", description: "Milliseconds" },
          timings: { type: "object", additionalProperties: { type: "number" } },
        },
      },
    },
  },
  RefusalEnvelope: {
    type: "object",
    required: ["code", "message"],
    properties: {
      code: { type: "integer" },
      message: { type: "string" },
      error: {
        type: "object",
        properties: {
          source: { enum: ["wavegate", "wavespeed"] },
          code: { type: "string" },
          retryable: { type: "boolean" },
          details: { type: "object" },
          issues: { type: "array", items: { type: "object" } },
        },
      },
    },
  },
};
