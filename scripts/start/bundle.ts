import { builtinModules } from "node:module";
import { build } from "esbuild";
import { buildConsole } from "../console/build.ts";

const BARE_BUILTINS = builtinModules.filter((name) => !/^(node:|_)/.test(name));

let consoleBuilt: Promise<void> | undefined;

/** One Worker's source as a single ES module, bundled as wrangler bundles it for a deploy. */
export async function bundleWorker(entry: string): Promise<string> {
  // Once, however many Workers one process bundles: it is the same for all.
  consoleBuilt ??= buildConsole();
  await consoleBuilt;
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2024",
    platform: "neutral",
    conditions: ["workerd", "worker", "browser"],
    mainFields: ["browser", "module", "main"],
    external: ["cloudflare:*", "node:*"],
    // Packages that say "buffer" mean "node:buffer"; workerd knows only the latter.
    alias: Object.fromEntries(BARE_BUILTINS.map((name) => [name, `node:${name}`])),
    loader: { ".sql": "text", ".txt": "text", ".html": "text", ".bin": "binary" },
    // Stack traces in the log name the sources.
    sourcemap: "inline",
    logLevel: "error",
  });
  const output = outputFiles[0];
  if (!output) throw new Error(`${entry}: bundling gave no output`);
  return output.text;
}
