import type { Env } from "../../src/config.ts";
import { countingD1 } from "./counting-d1.ts";
import { begins } from "./in-hand.ts";
import { count } from "./tally.ts";

const known = new WeakMap<Env, Env>();

/** The gateway's bindings, those that are billed by use counted. One for all: the gateway keeps things by it. */
export function countingEnv(env: Env): Env {
  const before = known.get(env);
  if (before) return before;
  const counting: Env = {
    ...env,
    CONTROL: countingD1(env.CONTROL, "D1 CONTROL"),
    REPORT: countingD1(env.REPORT, "D1 REPORT"),
    USAGE_QUEUE: countingQueue(env.USAGE_QUEUE),
  };
  known.set(env, counting);
  return counting;
}

/** What one operation of a queue may carry. */
const OPERATION_BYTES = 64 * 1024;

function countingQueue<T>(queue: Queue<T>): Queue<T> {
  const noted = (body: T): void => {
    begins();
    count({ requests: Math.ceil(JSON.stringify(body).length / OPERATION_BYTES) }, { place: "queue" });
  };
  return {
    send: (body: T, options?: QueueSendOptions) => {
      noted(body);
      return queue.send(body, options);
    },
    sendBatch: (messages: Iterable<MessageSendRequest<T>>, options?: QueueSendBatchOptions) => {
      const all = [...messages];
      for (const { body } of all) noted(body);
      return queue.sendBatch(all, options);
    },
  } as unknown as Queue<T>;
}
