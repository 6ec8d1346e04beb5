import { setTimeout as sleep } from "node:timers/promises";
import type { Call, LoadOrder, LoadResult, Reply } from "./order.ts";
import { openWire, send } from "./send.ts";

type Run = Omit<LoadResult, "cpuMicros">;

/** Runs one order in this process. */
export async function runOrder(order: LoadOrder): Promise<Run> {
  const { pattern, calls } = order;
  const wire = openWire(pattern.kind === "clients" ? calls.length : pattern.connections, order);
  const replies: Reply[] = [];
  const call = async (n: number): Promise<void> => {
    const next = calls[n % calls.length];
    if (next) replies.push(await send(wire, next));
  };
  const started = performance.now();
  try {
    const lagMs = await follow(order, started, call);
    return { replies, seconds: (performance.now() - started) / 1_000, lagMs };
  } finally {
    wire.agent.destroy();
  }
}

/** Answers how late the generator was at worst. */
async function follow({ pattern, calls, forMs }: LoadOrder, started: number, call: CallNumber): Promise<number> {
  const until = started + forMs;
  switch (pattern.kind) {
    case "closed":
      await closed(pattern.connections, until, call);
      return 0;
    case "open":
      return open(1_000 / pattern.perSecond, { started, until }, call);
    case "clients":
      await clients(calls, pattern.everyMs, { started, until }, call);
      return 0;
  }
}

type CallNumber = (n: number) => Promise<void>;

interface Span {
  started: number;
  until: number;
}

async function closed(connections: number, until: number, call: CallNumber): Promise<void> {
  let n = 0;
  const connection = async (): Promise<void> => {
    while (performance.now() < until) await call(n++);
  };
  await Promise.all(Array.from({ length: connections }, connection));
}

async function open(gapMs: number, { started, until }: Span, call: CallNumber): Promise<number> {
  const underWay: Promise<void>[] = [];
  let lagMs = 0;
  for (let n = 0, due = started; due < until; n++, due = started + n * gapMs) {
    const wait = due - performance.now();
    // Timers have whole milliseconds: calls that are due within this one go out together.
    if (wait >= 1) await sleep(Math.floor(wait));
    lagMs = Math.max(lagMs, performance.now() - due);
    underWay.push(call(n));
  }
  await Promise.all(underWay);
  return lagMs;
}

/** Spread over the interval. A client that waited too long for its answer sends the next at once, until the time is over. */
async function clients(calls: readonly Call[], everyMs: number, span: Span, call: CallNumber): Promise<void> {
  const client = async (_: Call, index: number): Promise<void> => {
    const first = span.started + (index / calls.length) * everyMs;
    for (let due = first; due < span.until; due += everyMs) {
      await sleep(Math.max(0, due - performance.now()));
      if (performance.now() > span.until) return;
      await call(index);
    }
  };
  await Promise.all(calls.map(client));
}
