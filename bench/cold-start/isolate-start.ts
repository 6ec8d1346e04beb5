import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { startRuntime } from "../../scripts/start/runtime.ts";
import { cpuMicrosOf } from "../cpu-time.ts";
import { makeStateDir } from "../state-place.ts";

/** One start of a workerd with so many Workers of the same code, until each has answered. */
export interface IsolateStart {
  /** From the start of the process to the first answer of the last Worker, milliseconds. */
  wallMs: number;
  /** Processor time of workerd until then. */
  cpuMs: number | null;
}

/** A Worker that does nothing: what the runtime itself takes to start. */
export const EMPTY_WORKER = "export default { fetch: () => new Response('ok') };";

const COMPATIBILITY = { compatibilityDate: "2026-10-23", compatibilityFlags: ["global_fetch_strictly_public"] };

export async function startIsolates(code: string, copies: number): Promise<IsolateStart> {
  const dir = makeStateDir("disk");
  const [resourcesDir, scratchDir] = [join(dir, "resources"), join(dir, "scratch")];
  for (const made of [resourcesDir, scratchDir]) mkdirSync(made);
  const names = Array.from({ length: copies }, (_, n) => `copy-${n}`);
  const modules = [{ type: "ESModule" as const, path: "index.js", contents: code }];
  const from = performance.now();
  const { miniflare, workerd } = await startRuntime(
    { resourcesDir, scratchDir },
    names.map((name) => ({ name, modules, ...COMPATIBILITY })),
  );
  try {
    for (const name of names) {
      const worker = await miniflare.getWorker(name);
      const response = await worker.fetch("http://bench/healthz");
      if (!response.ok) throw new Error(`${name} answered ${response.status}: ${await response.text()}`);
      await response.text();
    }
    const micros = cpuMicrosOf(workerd.pid);
    return { wallMs: performance.now() - from, cpuMs: micros === null ? null : micros / 1_000 };
  } finally {
    await miniflare.dispose();
    rmSync(dir, { recursive: true, force: true });
  }
}
