import { T2V, type Request, type Side } from "./side.ts";

export interface Row {
  name: string;
  send: Request | ((side: Side) => Request);
  /** Default: 200. */
  status?: number;
  /** Paths of the body that are not compared; each says why. */
  mayDiffer?: readonly string[];
  /** What of the body must be the same to the letter. */
  equal?: (body: unknown) => unknown;
}

/** On refusals of the gateway's own, for programs. WaveSpeed has no such member. */
const ERROR = "error";

/** WaveSpeed repeats a job's input; the gateway keeps none unless its tenant wants it, and shows it on lists. */
const INPUT = "data.input";

const data = (body: unknown): Record<string, unknown> => (body as { data: Record<string, unknown> }).data;
const code = (body: unknown): unknown => (body as { code: unknown }).code;
const pick =
  (...fields: string[]) =>
  (body: unknown): unknown[] => [code(body), ...fields.map((field) => data(body)[field])];

const get = (path: string): Request => ({ method: "GET", path: `/api/v3/${path}` });
const post = (path: string, body: unknown = {}): Request => ({ method: "POST", path: `/api/v3/${path}`, body });
const drop = (path: string): Request => ({ method: "DELETE", path: `/api/v3/${path}` });
const submit = (input: Record<string, unknown>, query = ""): Request => post(`${T2V}${query}`, input);

const hours = (count: number): string => new Date(Date.now() + count * 3_600_000).toISOString();
const DAY = { start_time: hours(-24), end_time: hours(24) };
const PRICE = { model_id: T2V, inputs: { duration: 10 } };
const TICKET = { filename: "a.png", size: 69, content_type: "image/png" };

const form = (name: string): FormData => {
  const fields = new FormData();
  fields.append(name, new File(["not looked at"], "a.png", { type: "image/png" }));
  return fields;
};

const row = (name: string, send: Row["send"], more: Omit<Row, "name" | "send"> = {}): Row => ({ name, send, ...more });

/** Refused with that status; the envelope's code is compared, where it is the status. */
const refused = (status: number, name: string, send: Row["send"], equal?: Row["equal"]): Row =>
  row(name, send, { status, mayDiffer: [ERROR], ...(equal ? { equal } : {}) });

const messageOf = (body: unknown): unknown[] => [code(body), (body as { message: string }).message];
const itemsOf = (body: unknown): Record<string, unknown>[] => data(body)["items"] as Record<string, unknown>[];

/** Each model has its own, and the lists are of different models: that of one model is compared. */
const REQUEST_SCHEMA = "data[].api_schema.api_schemas[].request_schema";

interface ListedModel {
  model_id: string;
  api_schema: { api_schemas: { request_schema: unknown }[] };
}

const schemaOfModel = (body: unknown): unknown =>
  (body as { data: ListedModel[] }).data.find((model) => model.model_id === T2V)?.api_schema.api_schemas[0]
    ?.request_schema;

const pricesOf = (body: unknown): unknown[] => itemsOf(body).map((item) => [item["billing_type"], item["price"]]);

/** The one refusal without an envelope: its text must be WaveSpeed's, the rest is allowed beside it. */
const BASE64_WEBHOOK = {
  status: 400,
  mayDiffer: ["code", "message"],
  equal: (body: unknown) => (body as { error: string }).error,
};

const SLOW = "[[sim: delay=1h, sync_limit=1s]]";
const NO_JOB = "0".repeat(32);
const SPAN = { created_after: hours(-1), created_before: hours(1) };
const SYNC = { prompt: "a calm sea", enable_sync_mode: true };
const BASE64 = { prompt: "x", enable_base64_output: true };
const TOO_LARGE = 33 * 1024 * 1024;
const EVER = { start_time: "0", end_time: String(Date.now() + 3_600_000) };

/** The contract's table, by its numbers. A new row is one line. */
export const ROWS: readonly Row[] = [
  row("1 submit", submit({ prompt: "a calm sea", duration: "10" }), {
    equal: pick("status", "model", "outputs", "error"),
  }),
  row("1 submit with an encoded id", post(encodeURIComponent(T2V), { prompt: "a calm sea" })),
  refused(400, "1 submit, bad input", submit({ prompt: "x", duration: 7 })),
  refused(400, "1 submit, no input", submit({})),
  refused(400, "1 submit, an unknown field", submit({ prompt: "x", seed: 1 })),
  refused(400, "1 submit, not JSON", post(T2V, "{")),
  refused(413, "1 submit, too large", submit({ prompt: "x".repeat(TOO_LARGE) }), code),
  refused(400, "1 unknown model", post("kwaivgi/not-there", { prompt: "x" }), code),
  refused(400, "1 refused by WaveSpeed", submit({ prompt: "[[sim: refuse=1402]]" }), messageOf),
  row("1 sync mode", submit(SYNC), { equal: pick("status", "error", "code", "has_nsfw_contents") }),
  row("1 sync mode, failed", submit({ ...SYNC, prompt: "[[sim: fail=1403]]" }), {
    equal: pick("status", "error", "code"),
  }),
  row("1 sync mode timed out", submit({ ...SYNC, prompt: SLOW }), { equal: pick("status", "code", "outputs") }),
  row("1 base64, in sync mode", submit({ ...BASE64, enable_sync_mode: true }), { equal: pick("status", "outputs") }),
  row("1 base64 with a webhook", submit(BASE64, "?webhook=https%3A%2F%2Fexample.com"), BASE64_WEBHOOK),
  row("2 result", ({ done }) => get(`predictions/${done}/result`), {
    mayDiffer: [INPUT],
    equal: pick("status", "has_nsfw_contents"),
  }),
  row("2 result of a failed task", ({ failed }) => get(`predictions/${failed}/result`), {
    mayDiffer: [INPUT],
    equal: pick("status", "error", "code"),
  }),
  refused(404, "2 unknown id", get(`predictions/${NO_JOB}/result`), messageOf),
  row("2b result", ({ done }) => get(`predictions/${done}`), { mayDiffer: [INPUT], equal: pick("status") }),
  row("2b result as base64", ({ encoded }) => get(`predictions/${encoded}`), {
    mayDiffer: [INPUT],
    equal: pick("status", "outputs"),
  }),
  row("3 list", post("predictions", { page: 1, page_size: 3, model: T2V, ...SPAN }), { equal: pick("page") }),
  row("3 list by status", post("predictions", { status: "failed" }), { equal: (body) => itemsOf(body)[0]?.["status"] }),
  row("3 list with inputs", post("predictions", { include_inputs: true }), { mayDiffer: ["data.items[].input"] }),
  row("3 list, older edition", get("predictions?page=1&page_size=2&status=completed"), { equal: pick("page") }),
  refused(400, "3 list, no such page", post("predictions", { page: 0 })),
  row("4 delete", ({ spare }) => post("predictions/delete", { ids: [spare[0], NO_JOB] }), { equal: data }),
  refused(400, "4 delete, no ids", post("predictions/delete")),
  row("4 delete, older edition", ({ spare }) => drop(`predictions/${spare[1]}`), { equal: pick("status") }),
  refused(404, "4 delete, older edition, unknown id", drop(`predictions/${NO_JOB}`), messageOf),
  row("5 ticket", post("media/uploads", TICKET), { equal: pick("type", "filename", "size") }),
  row("5 ticket without a type", post("media/uploads", { filename: "a", size: 1 }), { equal: pick("type", "size") }),
  refused(400, "5 ticket without a size", post("media/uploads", { filename: "a" })),
  refused(413, "5 ticket, too large", post("media/uploads", { ...TICKET, size: 200 * 1024 * 1024 + 1 }), code),
  row("5b multipart", post("media/upload/binary", form("file")), { equal: pick("type", "filename", "size") }),
  refused(400, "5b multipart without the file", post("media/upload/binary", form("image"))),
  row("6 models", get("models"), { mayDiffer: [REQUEST_SCHEMA], equal: schemaOfModel }),
  row("7 price", post("model/price", PRICE), { equal: data }),
  refused(400, "7 price of an unknown model", post("model/price", { model_id: "a/b", inputs: {} }), code),
  row("7b pricing", post("model/pricing", PRICE), { equal: data }),
  row("8 balance", get("balance")),
  row("9 billings", post("billings/search", { ...DAY, sort: "created_at ASC", page_size: 100 }), {
    equal: pick("page"),
  }),
  row("9 billings of a failed task", ({ failed }) => post("billings/search", { prediction_uuids: [failed] }), {
    equal: pricesOf,
  }),
  row("9 billings, times in milliseconds", post("billings/search", EVER)),
  refused(400, "9 billings, another type", post("billings/search", { billing_type: "gift" })),
  row("10 usage", post("user/usage_stats", DAY)),
  row("10 usage of one model", post("user/usage_stats", { ...DAY, model_uuid: T2V })),
  refused(400, "10 usage, over 31 days", post("user/usage_stats", { start_time: hours(-24 * 32), end_time: hours(0) })),
  row("11 webhook secret", get("webhook/secret")),
  row("12 result under v2", ({ done }) => ({ ...get(""), path: `/api/v2/predictions/${done}/result` }), {
    mayDiffer: [INPUT],
  }),
  row("12 multipart under v2", { method: "POST", path: "/api/v2/media/upload/binary", body: form("file") }),
  refused(401, "a wrong key", { ...get("balance"), key: "bad_key" }, code),
  refused(401, "no key", { ...submit({ prompt: "x" }), key: null }, code),
  refused(404, "no such path", post("billings/nothing"), code),
];
