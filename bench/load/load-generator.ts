import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { LoadOrder, LoadResult } from "./order.ts";

export interface LoadGenerator {
  /** One order at a time: two would disturb each other. Throws while another runs. */
  run(order: LoadOrder): Promise<LoadResult>;
  end(): void;
}

/** The clients, in a process of their own: neither the gateway's nor the bench's work delays what they measure. */
export function startLoadGenerator(): LoadGenerator {
  const child = fork(join(import.meta.dirname, "generator.ts"), { serialization: "advanced", execArgv: [] });
  const died = once(child, "exit").then(([code]) => {
    throw new Error(`the load generator ended with code ${String(code)}`);
  });
  died.catch(() => {});
  let busy = false;
  return {
    run: async (order) => {
      if (busy) throw new Error("the load generator runs another order");
      busy = true;
      try {
        const answered = once(child, "message");
        child.send(order);
        const [result] = await Promise.race([answered, died]);
        return result as LoadResult;
      } finally {
        busy = false;
      }
    },
    end: () => void child.kill("SIGKILL"),
  };
}
