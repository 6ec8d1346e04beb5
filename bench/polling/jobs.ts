import type { StartedInfo } from "../started-gateway.ts";

const MODEL = "kwaivgi/kling-v2.0-t2v-master";

/** Longer than any run. */
const PROMPT = "[[sim: delay=6h]]";
const AT_ONCE = 20;
const SIMULATOR_KEY = "sim_local";
const PAGE = 500;

let startedAt = 0;

/** A tenant of its own with so many running jobs. */
export async function startJobs(info: StartedInfo, count: number): Promise<{ ids: string[]; key: string }> {
  const manage = (method: string, path: string, body: unknown): Promise<{ id: string; key: string }> =>
    call(`${info.gateway}/v1/${path}`, method, info.operatorKey, body);
  const { id: tenant } = await manage("POST", "tenants", { name: "bench" });
  const budget = { scope: { tenant: true }, limit: "1000000", window: "total" };
  await manage("PUT", `tenants/${tenant}/budgets/all`, budget);
  const { key } = await manage("POST", `tenants/${tenant}/keys`, { name: "bench" });
  startedAt = performance.now();
  const ids: string[] = [];
  const submitter = async (): Promise<void> => {
    for (; ids.length + inHand < count;) {
      inHand += 1;
      const answer = await call<{ data: { id: string } }>(`${info.gateway}/api/v3/${MODEL}`, "POST", key, {
        prompt: PROMPT,
      });
      inHand -= 1;
      ids.push(answer.data.id);
    }
  };
  let inHand = 0;
  await Promise.all(Array.from({ length: AT_ONCE }, submitter));
  return { ids, key };
}

export interface UpstreamPolls {
  jobs: number;
  polls: number;
  mostOfOneJob: number;
  /** One for each shortest interval since the first job was submitted. */
  allowedOfOneJob: number;
  seconds: number;
}

/** What WaveSpeed saw of all these reads. Throws if it saw a job more often than once an interval. */
export async function upstreamPolls(info: StartedInfo, intervalMs: number): Promise<UpstreamPolls> {
  const seconds = (performance.now() - startedAt) / 1_000;
  const counts: number[] = [];
  for (let cursor: string | null = ""; cursor !== null;) {
    const { data }: { data: { polls: { polls: number }[]; next_cursor: string | null } } = await call(
      `${info.simulator}/control/stats?limit=${PAGE}${cursor && `&cursor=${cursor}`}`,
      "GET",
      SIMULATOR_KEY,
    );
    counts.push(...data.polls.map(({ polls }) => polls));
    cursor = data.next_cursor;
  }
  const most = Math.max(0, ...counts);
  const allowed = Math.floor((seconds * 1_000) / intervalMs);
  if (most > allowed) throw new Error(`one job was polled ${most} times in ${seconds} s`);
  const polls = counts.reduce((sum, count) => sum + count, 0);
  return { jobs: counts.length, polls, mostOfOneJob: most, allowedOfOneJob: allowed, seconds };
}

async function call<T>(url: string, method: string, key: string, body?: unknown): Promise<T> {
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const response = await fetch(url, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}
