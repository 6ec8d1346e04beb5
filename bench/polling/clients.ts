import { Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/** What each client reads, one after the other at a fixed interval. */
export interface Target {
  url: string;
  headers: Record<string, string>;
}

export interface ReadFigures {
  /** Milliseconds of each read, from when it was sent: each client waits for its own answer alone. */
  latencies: number[];
  failed: number;
  seconds: number;
}

/** Each client has a connection of its own. */
const SOCKETS_MAX = 5_000;

/** One client for each target, spread over the interval, for so long. */
export async function readAll(targets: readonly Target[], everyMs: number, forMs: number): Promise<ReadFigures> {
  const agent = new Agent({ keepAlive: true, maxSockets: SOCKETS_MAX });
  const latencies: number[] = [];
  let failed = 0;
  const started = performance.now();
  const client = async (target: Target, index: number): Promise<void> => {
    const first = started + (index / targets.length) * everyMs;
    for (let due = first; due < started + forMs; due += everyMs) {
      await sleep(Math.max(0, due - performance.now()));
      const sent = performance.now();
      if (await read(agent, target)) latencies.push(performance.now() - sent);
      else failed += 1;
    }
  };
  await Promise.all(targets.map(client));
  agent.destroy();
  return { latencies, failed, seconds: (performance.now() - started) / 1_000 };
}

const read = (agent: Agent, { url, headers }: Target): Promise<boolean> =>
  new Promise((resolve) => {
    request(url, { agent, headers }, (response) => {
      response.resume();
      response.once("end", () => resolve(response.statusCode === 200));
      response.once("error", () => resolve(false));
    })
      .once("error", () => resolve(false))
      .end();
  });
