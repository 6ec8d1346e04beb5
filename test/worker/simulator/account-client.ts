import { exports } from "cloudflare:workers";
import { expect } from "vitest";
import type { Bill } from "../../../src/simulator/bill.ts";
import type { Stats } from "../../../src/simulator/simulated-account.ts";

export const T2V = "kwaivgi/kling-v2.0-t2v-master";
export const ORIGIN = "http://simulator.test";

export interface Envelope {
  code: number;
  message: string;
  data: Record<string, unknown>;
}

interface Fetcher {
  default: { fetch(request: Request): Promise<Response> };
}

export const fetchSimulator = (path: string, init: RequestInit = {}): Promise<Response> =>
  (exports as unknown as Fetcher).default.fetch(new Request(`${ORIGIN}${path}`, init));

/** One account of the simulator, its own for each test. */
export interface AccountClient {
  key: string;
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
  /** The data of an answer that must be a success. */
  data(method: string, path: string, body?: unknown): Promise<Record<string, unknown>>;
  submit(prompt: string, more?: Record<string, unknown>): Promise<Response>;
  /** Submits and gives the id. */
  create(prompt: string, more?: Record<string, unknown>): Promise<string>;
  result(id: string): Promise<Record<string, unknown>>;
  bill(): Promise<Bill>;
  stats(): Promise<Stats>;
}

export function newAccount(key = `wsk_${crypto.randomUUID()}`): AccountClient {
  const call: AccountClient["call"] = (method, path, body, headers = {}) =>
    fetchSimulator(path, {
      method,
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json", ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const data: AccountClient["data"] = async (method, path, body) => {
    const response = await call(method, path, body);
    const envelope: Envelope = await response.json();
    expect(envelope, `${method} ${path}`).toMatchObject({ code: 200, message: "success" });
    expect(response.status).toBe(200);
    return envelope.data;
  };
  const submit: AccountClient["submit"] = (prompt, more = {}) => call("POST", `/api/v3/${T2V}`, { prompt, ...more });
  return {
    key,
    call,
    data,
    submit,
    create: async (prompt, more) => {
      const envelope: Envelope = await (await submit(prompt, more)).json();
      expect(envelope.code, envelope.message).toBe(200);
      return String(envelope.data["id"]);
    },
    result: (id) => data("GET", `/api/v3/predictions/${id}/result`),
    bill: async () => (await data("GET", "/control/bill")) as unknown as Bill,
    stats: async () => (await data("GET", "/control/stats")) as unknown as Stats,
  };
}
