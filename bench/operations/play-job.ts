import type { BenchTenant } from "../bench-tenant.ts";
import type { Call } from "../load/order.ts";
import type { Clockwork } from "./clockwork.ts";

/** How long a task runs: about what five seconds of Kling take. */
export const TASK_MS = 120_000;

const POLLS = 20;

/** Plans one job as its client sees it: a submit, and 20 polls spread over the time that its task runs. */
export function planJob(clockwork: Clockwork, tenant: BenchTenant, at: number): void {
  let job = "";
  clockwork.plan(at, async () => {
    const { data } = await send<{ data: { id: string } }>(tenant.submit());
    job = data.id;
  });
  for (let poll = 1; poll <= POLLS; poll++) {
    clockwork.plan(at + (TASK_MS * poll) / POLLS, async () => void (await send(tenant.read(job))));
  }
}

async function send<T>({ url, ...init }: Call): Promise<T> {
  const response = await fetch(url, init);
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${init.method} ${url}: ${response.status} ${text}`);
  return JSON.parse(text) as T;
}
