import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleWorker } from "../../scripts/start/bundle.ts";
import { startRuntime } from "../../scripts/start/runtime.ts";

export interface Floor {
  url: string;
  end(): Promise<void>;
}

/** A bare Worker with bare objects, on a port of its own. */
export async function startFloor(port: number): Promise<Floor> {
  const dir = mkdtempSync(join(tmpdir(), "wavegate-bench-"));
  const [resourcesDir, scratchDir] = [join(dir, "resources"), join(dir, "scratch")];
  for (const made of [resourcesDir, scratchDir]) mkdirSync(made);
  const { miniflare } = await startRuntime({ resourcesDir, scratchDir }, [
    {
      name: "bench-read-floor",
      modules: [
        {
          type: "ESModule",
          path: "index.js",
          contents: await bundleWorker(join(import.meta.dirname, "floor-worker.ts")),
        },
      ],
      compatibilityDate: "2026-10-23",
      durableObjects: { READS: { className: "ReadFloor", useSQLite: true } },
      unsafeDirectSockets: [{ host: "127.0.0.1", port }],
    },
  ]);
  return {
    url: `http://127.0.0.1:${port}`,
    end: async () => {
      await miniflare.dispose();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
