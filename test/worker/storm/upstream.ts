import type { Json } from "../management/api.ts";

/** An account at the simulator, from WaveSpeed's side. */
export interface Upstream {
  name: string;
  call: <T>(method: string, path: string, body?: unknown) => Promise<T>;
}

export interface BillItem {
  prediction_id: string;
  status: string;
  deduct_micros: number;
  refund_micros: number;
}

interface Bill {
  tasks: number;
  net_micros: number;
  submits: number;
  items: BillItem[];
  next_cursor: string | null;
}

export interface Task {
  id: string;
  input: { prompt?: string };
}

const PAGE = 100;

export const upstreamOf = (name: string, apiKey: string): Upstream => ({
  name,
  call: async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`http://wavespeed.test${path}`, {
      method,
      headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const envelope = await response.json<{ code: number; message: string; data: T }>();
    if (envelope.code !== 200) throw new Error(`${path}: ${envelope.message}`);
    return envelope.data;
  },
});

/** An account holds 200 scripted faults, used ones too: then it begins anew. */
export async function scriptFault(upstream: Upstream, match: Json, fault: Json, times: number): Promise<void> {
  const order = { match, fault, times };
  try {
    await upstream.call("POST", "/control/faults", order);
  } catch {
    await upstream.call("DELETE", "/control/faults");
    await upstream.call("POST", "/control/faults", order);
  }
}

/** The whole bill. */
export async function billOf(upstream: Upstream): Promise<Bill> {
  const items: BillItem[] = [];
  for (let cursor = ""; ;) {
    const bill: Bill = await upstream.call("GET", `/control/bill?limit=1000&cursor=${cursor}`);
    items.push(...bill.items);
    if (bill.next_cursor === null) return { ...bill, items };
    cursor = bill.next_cursor;
  }
}

/** Every task that is listed, with what it was made from. */
export async function tasksOf(upstream: Upstream): Promise<Task[]> {
  const all: Task[] = [];
  for (let page = 1; ; page++) {
    const body = { page, page_size: PAGE, include_inputs: true };
    const { items } = await upstream.call<{ items: Task[] }>("POST", "/api/v3/predictions", body);
    all.push(...items);
    if (items.length < PAGE) return all;
  }
}
