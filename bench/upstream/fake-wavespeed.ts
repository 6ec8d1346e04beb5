import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

/** How the fake behaves. All its tasks complete. */
export interface FakeOptions {
  /** A submit is answered after this. */
  replyMs: number;
  /** A task has completed after this. */
  taskMs: number;
}

/** Who runs the fake in its own process may give it a clock (epoch ms), and hears of each task and where its webhook goes. */
export interface FakeOwner {
  now: () => number;
  submitted: (id: string, webhook: string | null) => void;
}

interface Task {
  model: string;
  input: Record<string, unknown>;
  createdAt: number;
}

/** What a job of the benches costs: WaveSpeed's own price for five seconds of their model. */
export const TASK_MICROS = 1_300_000;

const CHAT = JSON.stringify({
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 0,
  model: "bench",
  choices: [{ index: 0, message: { role: "assistant", content: "a lighthouse at dusk" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
});

/**
 * As much of WaveSpeed as a gateway asks of it, on node:http: submit, result, list, billing. It answers
 * `/v1/chat/completions` as well, for gateways that know only that, and `/bill`, which the benches read.
 */
export function makeFakeWaveSpeed(
  { replyMs, taskMs }: FakeOptions,
  { now = () => Date.now(), submitted = () => {} }: Partial<FakeOwner> = {},
): Server {
  const tasks = new Map<string, Task>();
  let made = 0;

  const submit = (model: string, input: Record<string, unknown>, webhook: string | null): string => {
    const id = (made++).toString(16).padStart(32, "0");
    tasks.set(id, { model, input, createdAt: now() });
    submitted(id, webhook);
    return envelope({ ...prediction(id, tasks.get(id)), status: "created" });
  };

  const prediction = (id: string, task: Task | undefined) => {
    const done = task !== undefined && now() >= task.createdAt + taskMs;
    return {
      id,
      model: task?.model,
      outputs: done ? [`http://fake.invalid/${id}.mp4`] : [],
      urls: { get: `http://fake.invalid/api/v3/predictions/${id}/result` },
      has_nsfw_contents: [],
      status: done ? "completed" : "processing",
      created_at: new Date(task?.createdAt ?? 0).toISOString(),
      error: "",
      timings: { inference: taskMs },
    };
  };

  const list = (query: Record<string, unknown>): string => {
    const [after, before] = [Date.parse(String(query["created_after"])), Date.parse(String(query["created_before"]))];
    const [page, size] = [Number(query["page"] ?? 1), Number(query["page_size"] ?? 100)];
    const found = [...tasks].filter(
      ([, { model, createdAt }]) => model === query["model"] && createdAt >= after && createdAt <= before,
    );
    const items = found.slice((page - 1) * size, page * size);
    return envelope({ page, items: items.map(([id, task]) => ({ ...prediction(id, task), input: task.input })) });
  };

  const billing = (query: Record<string, unknown>): string => {
    const ids = Array.isArray(query["prediction_uuids"]) ? query["prediction_uuids"].map(String) : [];
    const items = ids.filter((id) => tasks.has(id)).map(billOf);
    return envelope({ page: 1, total: items.length, items });
  };

  const receive = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname: path, searchParams } = new URL(request.url ?? "", "http://fake.invalid");
    if (path === "/bill") return reply(response, envelope({ tasks: tasks.size, micros: tasks.size * TASK_MICROS }));
    const id = /^\/api\/v3\/predictions\/([^/]+)\/result$/.exec(path)?.[1];
    if (id !== undefined) {
      const task = tasks.get(id);
      return reply(response, envelope(task ? prediction(id, task) : null), task ? 200 : 404);
    }
    if (path === "/api/v3/models") return reply(response, envelope([]));
    if (request.method !== "POST" || RESERVED.test(path)) return reply(response, envelope(null), 404);
    const body = await readJson(request);
    if (path === "/api/v3/predictions") return reply(response, list(body));
    if (path === "/api/v3/billings/search") return reply(response, billing(body));
    const isChat = path.endsWith("/chat/completions");
    const text = isChat ? CHAT : submit(path.replace("/api/v3/", ""), body, searchParams.get("webhook"));
    if (replyMs === 0) return reply(response, text);
    setTimeout(() => reply(response, text), replyMs);
  };

  const server = createServer((request, response) => void receive(request, response));
  server.keepAliveTimeout = 60_000;
  return server;
}

/** What is no model's path: the gateway asks for models at its start and for prices now and then, and those are no tasks. */
const RESERVED = /^\/api\/v3\/(models?|media|user|webhook|balance)(\/|$)/;

const billOf = (uuid: string) => ({
  uuid: `bill-${uuid}`,
  billing_type: "deduct",
  price: TASK_MICROS / 1_000_000,
  prediction: { uuid, status: "completed" },
});

const envelope = (data: unknown): string =>
  JSON.stringify(
    data === null ? { code: 404, message: "Prediction not found" } : { code: 200, message: "success", data },
  );

function reply(response: ServerResponse, text: string, status = 200): void {
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
  response.end(text);
}

async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += String(chunk);
  return text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
}
