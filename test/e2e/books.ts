import { expect, vi } from "vitest";
import { z } from "zod";
import type { StartedInfo } from "../support/started-gateway.ts";

const Budget = z.object({
  mode: z.enum(["live", "test"]),
  limit: z.string(),
  captured: z.string(),
  held: z.string(),
  remaining: z.string(),
});
const Balance = z.object({ budgets: z.array(Budget) });
const Usage = z.object({ total: z.object({ jobs: z.number(), cost: z.string(), price: z.string() }) });
const Job = z.object({
  id: z.string(),
  model: z.string(),
  mode: z.string(),
  status: z.string(),
  outcome: z.string().nullable(),
  price: z.string().nullable(),
  ended_at: z.string().nullable(),
});
const Jobs = z.object({ data: z.array(Job), next_cursor: z.string().nullable() });
const Audit = z.object({
  consistent: z.boolean(),
  captured: z.string(),
  held: z.string(),
  open_holds: z.number(),
  differences: z.array(z.string()),
});
const Bill = z.object({ data: z.object({ tasks: z.number(), net_micros: z.number() }) });
const Task = z.object({ id: z.string(), status: z.string(), input: z.record(z.string(), z.unknown()) });
const Tasks = z.object({ data: z.object({ items: z.array(Task) }) });

export type Job = z.infer<typeof Job>;
export type Task = z.infer<typeof Task>;

const SIMULATOR_KEY = "sim_local";
const PAGE = 100;

/** A tenant's money as each of its four keepers tells it: ledger, journal, D1, and the simulator's own bill. */
export class Books {
  readonly info: StartedInfo;
  readonly tenant: string;

  constructor(info: StartedInfo, tenant = info.tenant) {
    this.info = info;
    this.tenant = tenant;
  }

  /** A tenant of its own with one live budget, and its key. */
  static async open(info: StartedInfo, limit: string): Promise<{ books: Books; key: string }> {
    const tenants = await manage(info, "POST", "/v1/tenants", { name: "e2e", time_zone: zoneAtNoon() });
    const books = new Books(info, z.object({ id: z.string() }).parse(tenants).id);
    await books.manage("PUT", "/budgets/all", { scope: { tenant: true }, limit, window: "total" });
    return { books, key: await books.issueKey("live") };
  }

  async issueKey(mode: "live" | "test"): Promise<string> {
    return z.object({ key: z.string() }).parse(await this.manage("POST", "/keys", { name: mode, mode })).key;
  }

  async newKey(given: object): Promise<{ id: string; key: string }> {
    const made = await this.manage("POST", "/keys", { name: "e2e", ...given });
    return z.object({ id: z.string(), key: z.string() }).parse(made);
  }

  async topUp(amount: string): Promise<void> {
    const headers = { "idempotency-key": `top-up-${amount}` };
    await manage(this.info, "POST", `/v1/tenants/${this.tenant}/credit/top-ups`, { amount }, headers);
  }

  manage(method: string, path: string, body?: unknown): Promise<unknown> {
    return manage(this.info, method, `/v1/tenants/${this.tenant}${path}`, body);
  }

  async budget(mode: "live" | "test" = "live"): Promise<z.infer<typeof Budget> | undefined> {
    const { budgets } = Balance.parse(await this.manage("GET", "/balance"));
    return budgets.find((budget) => budget.mode === mode);
  }

  async usage(): Promise<z.infer<typeof Usage>["total"]> {
    return Usage.parse(await this.manage("GET", "/usage")).total;
  }

  async audit(): Promise<z.infer<typeof Audit>> {
    return Audit.parse(await this.manage("POST", "/audit"));
  }

  async jobs(): Promise<Job[]> {
    const all: Job[] = [];
    for (let cursor: string | null = ""; cursor !== null;) {
      const page = Jobs.parse(await this.manage("GET", `/jobs?limit=${PAGE}${cursor && `&cursor=${cursor}`}`));
      all.push(...page.data);
      cursor = page.next_cursor;
    }
    return all;
  }

  async bill(): Promise<{ tasks: number; net: string }> {
    const { data } = Bill.parse(await simulated(this.info, "GET", "/control/bill"));
    return { tasks: data.tasks, net: decimal(data.net_micros) };
  }

  /** Every task of the simulator's live account, with what was sent for it. */
  async tasks(): Promise<Task[]> {
    const all: Task[] = [];
    for (let page = 1; ; page++) {
      const body = { page, page_size: PAGE, include_inputs: true };
      const { items } = Tasks.parse(await simulated(this.info, "POST", "/api/v3/predictions", body)).data;
      all.push(...items);
      if (items.length < PAGE) return all;
    }
  }

  /** Waits until the ledger holds nothing and D1 has caught up; then all four must tell the same, once and for all. */
  async expectAgreement(withinMs = 20_000): Promise<{ captured: string }> {
    await vi.waitFor(
      async () => {
        const [budget, usage, jobs] = await Promise.all([this.budget(), this.usage(), this.jobs()]);
        expect(budget?.held).toBe("0.000000");
        expect(usage.price).toBe(budget?.captured);
        expect(jobs.filter((job) => job.ended_at === null)).toEqual([]);
      },
      { timeout: withinMs, interval: 200 },
    );
    const captured = (await this.budget())?.captured ?? "none";
    expect(await this.audit()).toMatchObject({ consistent: true, differences: [], open_holds: 0, held: "0.000000" });
    expect(await this.usage()).toMatchObject({ price: captured, cost: captured });
    if (this.info.simulator !== null) expect((await this.bill()).net).toBe(captured);
    return { captured };
  }
}

async function manage(
  info: StartedInfo,
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
): Promise<unknown> {
  return call(`${info.gateway}${path}`, method, info.operatorKey, body, headers);
}

const simulated = (info: StartedInfo, method: string, path: string, body?: unknown): Promise<unknown> =>
  call(`${info.simulator}${path}`, method, SIMULATOR_KEY, body);

async function call(
  url: string,
  method: string,
  key: string,
  body?: unknown,
  more: Record<string, string> = {},
): Promise<unknown> {
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json", ...more };
  const response = await fetch(url, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  if (!response.ok) throw new Error(`${method} ${url} answered ${response.status}: ${await response.text()}`);
  return response.json();
}

/** A zone in which it is about noon, so that no day, week or month ends during a test. */
export function zoneAtNoon(): string {
  const ahead = 12 - new Date().getUTCHours();
  // POSIX counts the other way round: GMT-5 is five hours ahead.
  return `Etc/GMT${ahead >= 0 ? "-" : "+"}${Math.abs(ahead)}`;
}

/** Reckoned here, not by the gateway's own code. */
const decimal = (micros: number): string =>
  `${Math.floor(micros / 1_000_000)}.${String(micros % 1_000_000).padStart(6, "0")}`;
