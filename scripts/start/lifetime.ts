import type { ChildProcess } from "node:child_process";

/** Time for our own signal to arrive when a whole process group got it and workerd was first. */
const SIGNAL_GRACE_MS = 300;

/**
 * SIGTERM and SIGINT end everything with code 0, at once: what was acknowledged is on disk already,
 * and Miniflare ends workerd as this process exits. Called first of all, so that this handler comes
 * before Miniflare's, which would exit with 143.
 */
export function endOnSignals(): void {
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => process.exit(0));
}

/** Without workerd there is nothing to serve: say so and end, for a supervisor to start us again. */
export function endWithWorkerd(workerd: ChildProcess): void {
  workerd.once("exit", (code, signal) => {
    setTimeout(() => {
      process.stderr.write(
        `wavegate: workerd ended unexpectedly (${signal ?? `code ${code}`}); start again on the same state\n`,
      );
      process.exit(1);
    }, SIGNAL_GRACE_MS);
  });
}
