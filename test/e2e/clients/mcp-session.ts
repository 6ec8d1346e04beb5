import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { createInterface } from "node:readline";

const ANSWER_MS_MAX = 60_000;

interface Reply {
  id?: number;
  result?: unknown;
  error?: { message: string };
}

export interface Tool {
  name: string;
  inputSchema: { properties?: Record<string, unknown> };
}

interface ToolResult {
  isError?: boolean;
  content: { type: string; text: string }[];
}

/** A host's side of the Model Context Protocol over a server's stdio: one JSON-RPC message a line. */
export class McpSession {
  readonly #server: ChildProcessWithoutNullStreams;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  #last = 0;

  private constructor(server: ChildProcessWithoutNullStreams) {
    this.#server = server;
    createInterface(server.stdout).on("line", (line) => {
      const reply = JSON.parse(line) as Reply;
      this.#waiting.get(reply.id ?? -1)?.(reply);
    });
  }

  static async open(server: ChildProcessWithoutNullStreams): Promise<McpSession> {
    const session = new McpSession(server);
    const clientInfo = { name: "wavegate-test", version: "1" };
    await session.#request("initialize", { protocolVersion: "2025-06-18", capabilities: {}, clientInfo });
    session.#send({ method: "notifications/initialized" });
    return session;
  }

  async tools(): Promise<Tool[]> {
    return ((await this.#request("tools/list", {})) as { tools: Tool[] }).tools;
  }

  /** What a tool answers, parsed. Throws with the tool's own words where it fails. */
  async call(name: string, given: Record<string, unknown>): Promise<Record<string, unknown>> {
    const result = (await this.#request("tools/call", { name, arguments: given })) as ToolResult;
    const text = result.content[0]?.text ?? "";
    if (result.isError) throw new Error(text);
    return JSON.parse(text) as Record<string, unknown>;
  }

  async #request(method: string, params: unknown): Promise<unknown> {
    const id = ++this.#last;
    const reply = await new Promise<Reply>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`${method} was not answered`)), ANSWER_MS_MAX);
      this.#waiting.set(id, (answer) => {
        clearTimeout(late);
        resolve(answer);
      });
      this.#send({ id, method, params });
    });
    this.#waiting.delete(id);
    if (reply.error) throw new Error(reply.error.message);
    return reply.result;
  }

  #send(message: object): void {
    this.#server.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  }
}
