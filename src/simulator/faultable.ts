import type { MiddlewareHandler } from "hono";
import type { SimulatorApp } from "./app-env.ts";
import type { Counter } from "./counters.ts";
import type { Operation } from "./fault-store.ts";
import { strike } from "./reply-fault.ts";

/** Counts calls of an operation and lets a scripted fault take the answer's place. */
export const faultable =
  (operation: Operation, counter: Counter): MiddlewareHandler<SimulatorApp> =>
  async (c, next) => {
    const fault = await c.get("stub").meet(operation, counter);
    if (fault?.slow !== undefined) await scheduler.wait(fault.slow);
    return strike(fault, c.req.raw, async () => {
      await next();
      return c.res;
    });
  };
