import type { LoadOrder, LoadResult } from "./order.ts";
import { runOrder } from "./patterns.ts";

/** The load generator's process: an order comes in, its result goes out. It ends with its parent. */
process.on("message", (order: LoadOrder) => void answer(order));
process.on("disconnect", () => process.exit(0));

async function answer(order: LoadOrder): Promise<void> {
  const before = process.cpuUsage();
  const run = await runOrder(order);
  const { user, system } = process.cpuUsage(before);
  const result: LoadResult = { ...run, cpuMicros: (user + system) / Math.max(1, run.replies.length) };
  process.send?.(result);
}
