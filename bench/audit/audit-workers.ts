import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startRuntime } from "../../scripts/start/runtime.ts";
import { benchWorker, LEDGER_BINDINGS, sqlite } from "../ledger/workers.ts";
import type { AuditRequest } from "./protocol.ts";

export type AskLedger = (request: AuditRequest) => Promise<unknown>;

/** The ledger's Worker in one workerd, as `npm start` runs it, on state in a new directory on the disk. */
export async function startAuditWorker(): Promise<{ ask: AskLedger; end: () => Promise<void> }> {
  const dir = mkdtempSync(join(tmpdir(), "wavegate-bench-"));
  const [resourcesDir, scratchDir] = [join(dir, "resources"), join(dir, "scratch")];
  for (const made of [resourcesDir, scratchDir]) mkdirSync(made);
  process.once("exit", () => rmSync(dir, { recursive: true, force: true }));
  const { miniflare } = await startRuntime({ resourcesDir, scratchDir }, [
    await benchWorker("bench-audit", join(import.meta.dirname, "audit-worker.ts"), {
      durableObjects: { TENANT_LEDGER: sqlite("AuditedLedger"), JOB_TRACKER: sqlite("QuietTracker") },
      queueProducers: { USAGE_QUEUE: { queueName: "bench-usage" } },
      queueConsumers: { "bench-usage": { maxBatchSize: 50, maxBatchTimeout: 1 } },
      bindings: LEDGER_BINDINGS,
    }),
  ]);
  const ask: AskLedger = async (request) => {
    const fetcher = await miniflare.getWorker("bench-audit");
    const response = await fetcher.fetch("http://bench/", { method: "POST", body: JSON.stringify(request) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${JSON.stringify(request)}: ${response.status} ${text}`);
    return JSON.parse(text);
  };
  return { ask, end: () => miniflare.dispose() };
}
