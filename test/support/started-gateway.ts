import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll } from "vitest";
import { freePort } from "./free-port.ts";

/** The line that `npm start -- --json` prints. */
export interface StartedInfo {
  gateway: string;
  simulator: string | null;
  operatorKey: string;
  tenantKey: string;
  tenant: string;
}

export interface Ports {
  gateway: number;
  simulator: number;
}

export interface StartOptions {
  /** Default: a new one. Give that of a stopped gateway to go on with its state. */
  stateDir?: string;
  /** Default: free ones. Give those of a stopped gateway where its addresses are still in use. */
  ports?: Ports;
  env?: Readonly<Record<string, string>>;
  args?: readonly string[];
}

/** `npm start` as a child process: npm, node and workerd in a process group of their own. */
export interface StartedGateway {
  info: StartedInfo;
  stateDir: string;
  ports: Ports;
  /** The npm process, leader of the group. */
  process: ChildProcess;
  /** All of stdout and stderr so far. */
  output(): { stdout: string; stderr: string };
  /** SIGKILL to the whole group, workerd included; comes back when the ports are free again. */
  kill9(): Promise<void>;
  /** A signal to npm alone; gives the exit code, null when it did not end by itself in time. */
  stop(signal?: "SIGTERM" | "SIGINT"): Promise<number | null>;
}

const READY_MS_MAX = 60_000;
const STOP_MS_MAX = 10_000;
const ROOT = join(import.meta.dirname, "../..");

const groups = new Set<number>();
const madeDirs: string[] = [];
afterAll(() => {
  groups.forEach(killGroup);
  for (const dir of madeDirs) rmSync(dir, { recursive: true, force: true });
});

/** A directory for one state; gone after the test file. */
export function makeStateDir(): string {
  const dir = mkdtempSync(join(tmpdir(), "wavegate-"));
  madeDirs.push(dir);
  return dir;
}

/** Throws with what it said when it ends, or says nothing, within a minute. */
export async function startGateway(options: StartOptions = {}): Promise<StartedGateway> {
  const stateDir = options.stateDir ?? makeStateDir();
  const ports = options.ports ?? { gateway: await freePort(), simulator: await freePort() };
  const said = { stdout: "", stderr: "" };
  const child = spawnNpmStart(["--json", "--state", stateDir, ...(options.args ?? [])], {
    PORT: String(ports.gateway),
    SIMULATOR_PORT: String(ports.simulator),
    ...options.env,
  });
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => (said[name] += text));
  }
  const info = await readInfo(child, said);
  return {
    info,
    stateDir,
    ports,
    process: child,
    output: () => ({ ...said }),
    kill9: async () => {
      killGroup(child.pid ?? 0);
      await ended(child, STOP_MS_MAX);
      await portsFree(ports);
    },
    stop: async (signal = "SIGTERM") => {
      child.kill(signal);
      const code = await ended(child, STOP_MS_MAX);
      killGroup(child.pid ?? 0);
      return code;
    },
  };
}

/** Starts without waiting for readiness; for starts that are expected to fail. */
export function spawnNpmStart(args: readonly string[], env: Readonly<Record<string, string>>) {
  const { WAVESPEED_BASE_URL: _, WAVESPEED_API_KEY: __, PUBLIC_URL: ___, ...inherited } = process.env;
  const child = spawn("npm", ["start", "--silent", "--", ...args], {
    cwd: ROOT,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...inherited, ...env },
  });
  const { pid } = child;
  if (pid !== undefined) groups.add(pid);
  return child;
}

/** The exit code; null when a signal ended it or it still runs after `ms`. */
export async function ended(child: ChildProcess, ms: number): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    await Promise.race([once(child, "exit"), sleep(ms, undefined, { ref: false })]);
  }
  return child.exitCode;
}

export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}

async function readInfo(child: ChildProcess, said: Readonly<{ stdout: string; stderr: string }>): Promise<StartedInfo> {
  const deadline = Date.now() + READY_MS_MAX;
  while (Date.now() < deadline && child.exitCode === null && child.signalCode === null) {
    const line = /^\{.*\}$/m.exec(said.stdout)?.[0];
    if (line !== undefined) return JSON.parse(line) as StartedInfo;
    await sleep(20);
  }
  killGroup(child.pid ?? 0);
  throw new Error(`npm start did not become ready:\n${said.stderr || said.stdout}`);
}

/** After a SIGKILL the kernel takes a moment to take the sockets back. */
async function portsFree(ports: Ports): Promise<void> {
  const deadline = Date.now() + STOP_MS_MAX;
  while ((await isListening(ports.gateway)) || (await isListening(ports.simulator))) {
    if (Date.now() > deadline) throw new Error(`still listening: ${JSON.stringify(ports)}`);
    await sleep(20);
  }
}

function killGroup(leader: number): void {
  if (!groups.delete(leader)) return;
  try {
    process.kill(-leader, "SIGKILL");
  } catch (error) {
    // ESRCH: the whole group has ended.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
