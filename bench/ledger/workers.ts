import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { V4WorkerOptions } from "miniflare";
import { unstable_getMiniflareWorkerOptions } from "wrangler";
import { bundleWorker } from "../../scripts/start/bundle.ts";
import { cpuMicrosOf } from "../cpu-time.ts";
import { startRuntime } from "../../scripts/start/runtime.ts";
import type { FloorRequest, LedgerRequest } from "./protocol.ts";

/** Whose ledger: this checkout's, or the one's that it is compared with. */
export type Checkout = "this" | "against";

export interface BenchWorkers {
  floor<T>(request: FloorRequest): Promise<T>;
  ledger<T>(checkout: Checkout, request: LedgerRequest): Promise<T>;
  /** Processor time of workerd so far, in microseconds. */
  cpuMicros(): number | null;
  /** Ends workerd and removes its state. */
  end(): Promise<void>;
}

const ROOT = join(import.meta.dirname, "../..");

/** The most there is: no alarm of a ledger rings inside a round, nor does it audit itself. */
const HOUR_MS = "3600000";

export const LEDGER_BINDINGS = {
  HOLD_ACK_MS: HOUR_MS,
  UPKEEP_MS: HOUR_MS,
  WAVEGATE_SECRET: `1:${"ab".repeat(32)}`,
  WAVESPEED_BASE_URL: "http://wavespeed.invalid",
  WAVESPEED_API_KEY: "none",
};

/** All Workers in one workerd, as `npm start` runs it, on state in a new directory on the disk. */
export async function startWorkers(queue: "local" | "none", against: string | null): Promise<BenchWorkers> {
  const dir = mkdtempSync(join(tmpdir(), "wavegate-bench-"));
  const [resourcesDir, scratchDir] = [join(dir, "resources"), join(dir, "scratch")];
  for (const made of [resourcesDir, scratchDir]) mkdirSync(made);
  process.once("exit", () => rmSync(dir, { recursive: true, force: true }));
  const { miniflare, workerd } = await startRuntime({ resourcesDir, scratchDir }, [
    await ledgerWorker("this", ROOT, queue),
    ...(against === null ? [] : [await ledgerWorker("against", against, queue)]),
    await benchWorker("bench-floor", join(import.meta.dirname, "floor-worker.ts"), {
      durableObjects: { FLOOR: sqlite("FloorAccount") },
    }),
  ]);
  const ask = async (name: string, request: unknown): Promise<unknown> => {
    const fetcher = await miniflare.getWorker(name);
    const response = await fetcher.fetch("http://bench/", { method: "POST", body: JSON.stringify(request) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${name}: ${JSON.stringify(request)}: ${response.status} ${text}`);
    return JSON.parse(text);
  };
  return {
    floor: async <T>(request: FloorRequest) => (await ask("bench-floor", request)) as T,
    ledger: async <T>(checkout: Checkout, request: LedgerRequest) => (await ask(ledgerName(checkout), request)) as T,
    cpuMicros: () => cpuMicrosOf(workerd.pid),
    end: () => miniflare.dispose(),
  };
}

const ledgerName = (checkout: Checkout): string => `bench-ledger-${checkout}`;

const ledgerWorker = (checkout: Checkout, root: string, queue: "local" | "none"): Promise<V4WorkerOptions> =>
  benchWorker(ledgerName(checkout), join(root, "bench/ledger/ledger-worker.ts"), {
    durableObjects: { TENANT_LEDGER: sqlite("BenchLedger"), JOB_TRACKER: sqlite("QuietTracker") },
    queueProducers: { USAGE_QUEUE: { queueName: `bench-usage-${checkout}` } },
    queueConsumers: { [`bench-usage-${checkout}`]: { maxBatchSize: 50, maxBatchTimeout: 1 } },
    bindings: { ...LEDGER_BINDINGS, BENCH_QUEUE: queue },
  });

type Bindings = Pick<V4WorkerOptions, "durableObjects" | "queueProducers" | "queueConsumers" | "bindings">;

export const sqlite = (className: string) => ({ className, useSQLite: true });

export async function benchWorker(name: string, entry: string, options: Bindings): Promise<V4WorkerOptions> {
  // The runtime's settings of the deployed gateway: wrangler.toml states them.
  const { workerOptions } = unstable_getMiniflareWorkerOptions(join(ROOT, "wrangler.toml"));
  const { compatibilityDate, compatibilityFlags } = workerOptions as {
    compatibilityDate: string;
    compatibilityFlags: string[];
  };
  const contents = await bundleWorker(entry);
  return {
    name,
    modules: [{ type: "ESModule", path: "index.js", contents }],
    compatibilityDate,
    compatibilityFlags,
    ...options,
  };
}
