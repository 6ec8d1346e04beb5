import type { ChildProcess } from "node:child_process";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare, type V4WorkerOptions } from "miniflare";
import type { State } from "./state.ts";
import { catchWorkerd, tether } from "./workerd-process.ts";

/**
 * V8 begins with a heap of this many megabytes, unless told otherwise in the same variable. From its usual small one it collects the
 * whole heap every few seconds of load, tens of milliseconds each time, in which nobody is answered (docs/decisions/0008-heap-of-npm-start.md).
 */
const V8_FLAGS = { MINIFLARE_WORKERD_V8_FLAGS: "--initial-heap-size=256" };

/**
 * glibc, from 2.35 on, takes the kernel's restartable sequences for itself, without which workerd's allocator has no lists of its own for
 * each processor and goes its slow way with every piece of memory (docs/decisions/0012-allocator-of-npm-start.md).
 */
const GLIBC_TUNABLES = "glibc.pthread.rseq=0";

export interface Runtime {
  miniflare: Miniflare;
  workerd: ChildProcess;
}

/** stdout belongs to the announcement; everything else that is said goes to stderr. */
class StderrLog extends Log {
  protected override log(message: string): void {
    process.stderr.write(`${message}\n`);
  }
}

/** Starts one workerd with these Workers on the state, and comes back once it serves them. */
export async function startRuntime(
  state: Pick<State, "resourcesDir" | "scratchDir">,
  workers: V4WorkerOptions[],
): Promise<Runtime> {
  const options = convertV4MiniflareOptions({
    workers,
    // Miniflare's own entrance, which only this process uses; clients come by each Worker's port.
    host: "127.0.0.1",
    port: 0,
    resourcePersistencePath: state.resourcesDir,
    resourceTmpPath: state.scratchDir,
    // Of workerd alone: what this process starts beside it keeps its own.
    unsafeRuntimeEnv: { GLIBC_TUNABLES: process.env["GLIBC_TUNABLES"] ?? GLIBC_TUNABLES },
    // Nothing is fetched from or reported to Cloudflare: this works offline.
    cf: false,
    telemetry: { enabled: false },
    logRequests: false,
    log: new StderrLog(LogLevel.WARN),
    handleStructuredLogs: ({ message }) => void process.stderr.write(`${message}\n`),
  });
  // Miniflare reads it from the environment alone.
  for (const [name, flags] of Object.entries(V8_FLAGS)) process.env[name] ??= flags;
  const { result, workerd } = await catchWorkerd(async () => {
    const miniflare = new Miniflare(options);
    await miniflare.ready;
    return miniflare;
  });
  tether(workerd);
  return { miniflare: result, workerd };
}
