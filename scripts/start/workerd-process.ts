import { spawn, type ChildProcess } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";

/**
 * Runs `start` and returns the workerd process that it spawned. Miniflare keeps it to itself and
 * quietly starts another when it dies, which would hide that everything in memory was lost.
 */
export async function catchWorkerd<T>(start: () => Promise<T>): Promise<{ result: T; workerd: ChildProcess }> {
  const spawned: ChildProcess[] = [];
  const listener = (message: unknown): void => {
    spawned.push((message as { process: ChildProcess }).process);
  };
  subscribe("child_process", listener);
  try {
    const result = await start();
    const workerd = spawned.find((child) => child.spawnargs.includes("serve"));
    if (!workerd) throw new Error("workerd was not started");
    return { result, workerd };
  } finally {
    unsubscribe("child_process", listener);
  }
}

/**
 * Ends workerd when this process is gone, even by SIGKILL: workerd alone would serve on, hold the
 * ports and write to the state. A shell waits on a pipe that only this process holds open; the end
 * of the pipe is the end of this process. Signals to the process group pass it by, so that it
 * outlives us by the moment it needs. Nothing of the kind on Windows.
 */
export function tether(workerd: ChildProcess): void {
  if (process.platform === "win32" || workerd.pid === undefined) return;
  const script = `trap '' INT TERM HUP; read line; kill -9 "$0" 2>/dev/null`;
  const shell = spawn("/bin/sh", ["-c", script, String(workerd.pid)], {
    stdio: ["pipe", "ignore", "ignore"],
  });
  // workerd died first: nothing is left to guard, and its id may soon be another's.
  workerd.once("exit", () => shell.kill("SIGKILL"));
  shell.stdin.on("error", () => {});
  shell.unref();
}
