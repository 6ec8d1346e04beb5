import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { V4WorkerOptions } from "miniflare";
import { bundleWorker } from "../scripts/start/bundle.ts";
import { withEgress } from "../scripts/start/egress.ts";
import { startRuntime } from "../scripts/start/runtime.ts";
import { freePort } from "../test/support/free-port.ts";
import { cpuMicrosOf } from "./cpu-time.ts";
import { makeStateDir, type Place } from "./state-place.ts";

export interface BareWorker {
  url: string;
  /** Processor time of its workerd so far. */
  cpuMicros(): number | null;
  end(): Promise<void>;
}

const COMPATIBILITY_DATE = "2026-10-23";

/** One Worker alone in a workerd, on a port of its own and with `EGRESS` to call through, as `npm start` runs the gateway: what a floor is made of. */
export async function startBareWorker(
  entry: string,
  options: Pick<V4WorkerOptions, "durableObjects" | "bindings">,
  place: Place = "disk",
): Promise<BareWorker> {
  const dir = makeStateDir(place);
  process.once("exit", () => rmSync(dir, { recursive: true, force: true }));
  const [resourcesDir, scratchDir] = [join(dir, "resources"), join(dir, "scratch")];
  for (const made of [resourcesDir, scratchDir]) mkdirSync(made);
  const port = await freePort();
  const worker = withEgress({
    name: "bench-bare",
    modules: [{ type: "ESModule", path: "index.js", contents: await bundleWorker(entry) }],
    compatibilityDate: COMPATIBILITY_DATE,
    stripCfConnectingIp: false,
    unsafeDirectSockets: [{ host: "127.0.0.1", port }],
    ...options,
  });
  const { miniflare, workerd } = await startRuntime({ resourcesDir, scratchDir }, [worker]);
  return {
    url: `http://127.0.0.1:${port}`,
    cpuMicros: () => cpuMicrosOf(workerd.pid),
    end: async () => {
      await miniflare.dispose();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
