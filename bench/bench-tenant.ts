import { setTimeout as sleep } from "node:timers/promises";
import type { Call } from "./load/order.ts";

export const MODEL = "kwaivgi/kling-v2.0-t2v-master";
const INPUT = JSON.stringify({ prompt: "a lighthouse at dusk, slow aerial shot", duration: 5 });

/** No run of a bench comes near it. */
const LIMIT = "1000000000";

export interface Balance {
  budgets: { id: string; captured: string; held: string }[];
}

/** A tenant of a started gateway with everything on: a live key, a budget of the tenant's and one of the key's. */
export class BenchTenant {
  readonly id: string;
  readonly key: string;
  readonly #gateway: string;
  readonly #operatorKey: string;

  private constructor(at: { gateway: string; operatorKey: string }, id: string, key: string) {
    this.#gateway = at.gateway;
    this.#operatorKey = at.operatorKey;
    this.id = id;
    this.key = key;
  }

  /** `fill`: writes a history for the new tenant before its budgets count it. */
  static async create(
    at: { gateway: string; operatorKey: string },
    fill: (tenant: string) => Promise<void> = async () => {},
  ): Promise<BenchTenant> {
    const { id } = await manage<{ id: string }>(at, "POST", "/v1/tenants", { name: "bench" });
    await fill(id);
    const made = await manage<{ id: string; key: string }>(at, "POST", `/v1/tenants/${id}/keys`, { name: "bench" });
    const tenant = new BenchTenant(at, id, made.key);
    await tenant.manage("PUT", "/budgets/all", { scope: { tenant: true }, limit: LIMIT, window: "total" });
    await tenant.manage("PUT", "/budgets/key", { scope: { key: made.id }, limit: LIMIT, window: "day" });
    return tenant;
  }

  manage<T>(method: string, path: string, body?: unknown): Promise<T> {
    return manage(
      { gateway: this.#gateway, operatorKey: this.#operatorKey },
      method,
      `/v1/tenants/${this.id}${path}`,
      body,
    );
  }

  /** A submit of a job of five seconds. */
  submit(): Call {
    return { method: "POST", url: `${this.#gateway}/api/v3/${MODEL}`, headers: this.#headers(), body: INPUT };
  }

  read(jobId: string): Call {
    return { method: "GET", url: `${this.#gateway}/api/v3/predictions/${jobId}/result`, headers: this.#headers() };
  }

  /** The operator's usage query of the last 30 days. */
  usage(): Call {
    const headers = { authorization: `Bearer ${this.#operatorKey}` };
    return { method: "GET", url: `${this.#gateway}/v1/tenants/${this.id}/usage`, headers };
  }

  balance(): Promise<Balance> {
    return this.manage<Balance>("GET", "/balance");
  }

  /** Waits until no job is open, so that the work of one round is not done in another's. False: not in time. */
  async drained(msMax: number): Promise<boolean> {
    const until = performance.now() + msMax;
    for (;;) {
      const { budgets } = await this.balance();
      if (budgets.every(({ held }) => Number(held) === 0)) return true;
      if (performance.now() > until) return false;
      await sleep(DRAIN_LOOK_MS);
    }
  }

  #headers(): Record<string, string> {
    return { authorization: `Bearer ${this.key}`, "content-type": "application/json" };
  }
}

const DRAIN_LOOK_MS = 200;

async function manage<T>(
  { gateway, operatorKey }: { gateway: string; operatorKey: string },
  method: string,
  path: string,
  body?: unknown,
): Promise<T> {
  const headers = { authorization: `Bearer ${operatorKey}`, "content-type": "application/json" };
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const response = await fetch(gateway + path, { method, headers, ...sent });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text.slice(0, 500)}`);
  return JSON.parse(text) as T;
}
