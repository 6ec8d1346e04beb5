import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { availableParallelism, cpus, loadavg } from "node:os";
import { join } from "node:path";

/** What a figure is worth nothing without. */
export interface Conditions {
  date: string;
  command: string;
  commit: string;
  node: string;
  workerd: string;
  cpus: number;
  cpuModel: string;
  /** Load average of the last minute when the run began: what others did on this machine. */
  loadBefore: number;
}

export const conditionsNow = (scenario: string, argv: readonly string[]): Conditions => ({
  date: new Date().toISOString(),
  command: ["npm run bench --", scenario, ...argv].join(" "),
  commit: commit(),
  node: process.version,
  workerd: workerdVersion(),
  cpus: availableParallelism(),
  cpuModel: cpus()[0]?.model ?? "unknown",
  loadBefore: loadavg()[0] ?? 0,
});

function commit(): string {
  try {
    const args = ["describe", "--always", "--dirty", "--abbrev=12"];
    return execFileSync("git", args, { cwd: import.meta.dirname, encoding: "utf8" }).trim();
  } catch {
    return "unknown";
  }
}

/** The workerd that Miniflare runs. */
function workerdVersion(): string {
  const fromMiniflare = createRequire(createRequire(import.meta.url).resolve("miniflare"));
  const manifest = fromMiniflare(join("workerd", "package.json")) as { version: string };
  return manifest.version;
}
