import type { V4WorkerOptions } from "miniflare";
import { unstable_getMiniflareWorkerOptions } from "wrangler";
import { readWranglerToml } from "../wrangler-toml.ts";
import { bundleWorker } from "./bundle.ts";

/**
 * A Worker as Miniflare takes it: the bindings as its wrangler.toml states them (the one place where
 * they are written down), its code bundled, and `variables` over the ones that the file has.
 */
export async function buildWorker(
  configPath: string,
  variables: Record<string, string>,
  port: number | null,
): Promise<V4WorkerOptions> {
  const { name, main, vars } = readWranglerToml(configPath);
  const { workerOptions } = unstable_getMiniflareWorkerOptions(configPath);
  // modulesRules: for files that are modules of their own; the bundler has inlined those.
  const { modulesRules: _, rootPath: __, ...options } = workerOptions;
  return {
    ...options,
    name,
    modules: [{ type: "ESModule", path: "index.js", contents: await bundleWorker(main) }],
    bindings: { ...vars, ...variables },
    // Nothing of a client's request is passed on upstream, so no copy without its address needs to be made.
    stripCfConnectingIp: false,
    // A port of the Worker's own: requests come as they were sent, without Miniflare's entry between.
    ...(port === null ? {} : { unsafeDirectSockets: [{ host: "127.0.0.1", port }] }),
  };
}
