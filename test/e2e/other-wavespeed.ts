import { randomUUID } from "node:crypto";
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";

const TASK_MS = 400;

export interface Call {
  at: number;
  method: string;
  /** Without its query. */
  url: string;
  headers: IncomingHttpHeaders;
  body: Record<string, unknown>;
}

export interface Task {
  id: string;
  model: string;
  input: Record<string, unknown>;
  seconds: number;
  fails: boolean;
  createdAt: number;
}

/**
 * A second, independent WaveSpeed: only node:http, nothing of our simulator or gateway. What befalls
 * a job is in its prompt: "fails", "answered 500 after creating", "reset before creating".
 */
export class OtherWaveSpeed {
  readonly url: string;
  readonly tasks: Task[] = [];
  readonly calls: Call[] = [];
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on("request", (request, response) => void this.#receive(request, response));
  }

  static async listen(): Promise<OtherWaveSpeed> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    return new OtherWaveSpeed(server);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  forgetCalls(): void {
    this.calls.length = 0;
  }

  submits(): Call[] {
    return this.calls.filter((call) => call.url.startsWith("/api/v3/kwaivgi/"));
  }

  listWalks(): Call[] {
    return this.calls.filter((call) => call.url === "/api/v3/predictions");
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = "";
    for await (const chunk of request.setEncoding("utf8")) text += String(chunk);
    const body = text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
    const { method = "", headers } = request;
    const url = (request.url ?? "").split("?", 1)[0] ?? "";
    this.calls.push({ at: Date.now(), method, url, headers, body });
    const path = url.replace("/api/v3/", "");
    const predictionId = /^predictions\/([^/]+)\/result$/.exec(path)?.[1];
    if (method === "GET" && predictionId !== undefined) return this.#result(response, predictionId);
    if (method === "POST" && path === "predictions") return this.#list(response, body);
    if (method === "POST" && path === "billings/search") return reply(response, { page: 1, total: 0, items: [] });
    if (method === "POST" && path.startsWith("kwaivgi/")) return this.#submit(response, path, body);
    return reply(response, undefined, 404);
  }

  #submit(response: ServerResponse, model: string, input: Record<string, unknown>): void {
    const prompt = String(input["prompt"]);
    if (prompt === "reset before creating") return void response.destroy();
    const id = `other-${randomUUID()}`;
    const task = {
      id,
      model,
      input,
      seconds: Number(input["duration"]),
      fails: prompt.includes("fails"),
      createdAt: Date.now(),
    };
    this.tasks.push(task);
    if (prompt === "answered 500 after creating") return reply(response, undefined, 500);
    reply(response, { ...this.#prediction(task), status: "created" });
  }

  #result(response: ServerResponse, id: string): void {
    const task = this.tasks.find((one) => one.id === id);
    return task ? reply(response, this.#prediction(task)) : reply(response, undefined, 404);
  }

  #list(response: ServerResponse, query: Record<string, unknown>): void {
    const [after, before] = [Date.parse(String(query["created_after"])), Date.parse(String(query["created_before"]))];
    const items = this.tasks
      .filter((task) => task.model === query["model"] && task.createdAt >= after && task.createdAt <= before)
      .map((task) => ({ ...this.#prediction(task), input: task.input }));
    reply(response, { page: query["page"], items: query["page"] === 1 ? items : [] });
  }

  #prediction(task: Task): Record<string, unknown> {
    const done = Date.now() >= task.createdAt + TASK_MS;
    const completed = done && !task.fails;
    return {
      id: task.id,
      model: task.model,
      outputs: completed ? [`${this.url}/out/${task.id}.mp4`] : [],
      urls: { get: `${this.url}/api/v3/predictions/${task.id}/result` },
      has_nsfw_contents: null,
      status: done ? (task.fails ? "failed" : "completed") : "processing",
      created_at: new Date(task.createdAt).toISOString(),
      error: done && task.fails ? "no model was free" : "",
      timings: { inference: done ? TASK_MS : 0 },
    };
  }
}

function reply(response: ServerResponse, data: unknown, status = 200): void {
  const message = status === 200 ? "success" : "something went wrong";
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify({ code: status, message, data }));
}
