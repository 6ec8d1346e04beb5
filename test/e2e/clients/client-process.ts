import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll } from "vitest";

const GUARD = pathToFileURL(join(import.meta.dirname, "loopback-only.ts")).href;
const RUN_MS_MAX = 60_000;

const running = new Set<ChildProcessWithoutNullStreams>();
const homes: string[] = [];
afterAll(() => {
  for (const child of running) child.kill("SIGKILL");
  for (const home of homes) rmSync(home, { recursive: true, force: true });
});

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

/**
 * Somebody's machine: a home directory of its own, in which a client is run as a process of its own that can
 * reach nothing but this machine.
 */
export class ClientMachine {
  /** Also the working directory. */
  readonly home = mkdtempSync(join(tmpdir(), "wavegate-client-"));
  readonly #env: NodeJS.ProcessEnv;
  readonly #strangers = join(this.home, "strangers");

  constructor(env: Readonly<Record<string, string>>) {
    homes.push(this.home);
    const bin = join(this.home, "bin");
    mkdirSync(bin);
    // Nothing of ours: no keys, no proxies, and no browser or clipboard to be found on the way.
    this.#env = {
      PATH: bin,
      HOME: this.home,
      XDG_CONFIG_HOME: join(this.home, ".config"),
      NO_COLOR: "1",
      NODE_OPTIONS: `--no-warnings --import ${GUARD}`,
      STRANGERS: this.#strangers,
      ...env,
    };
  }

  spawn(script: string, args: readonly string[]): ChildProcessWithoutNullStreams {
    const child = spawn(process.execPath, [script, ...args], { cwd: this.home, env: this.#env });
    running.add(child);
    child.once("exit", () => running.delete(child));
    return child;
  }

  /** To its end, or a minute. */
  async run(script: string, ...args: readonly string[]): Promise<Ran> {
    const child = this.spawn(script, args);
    child.stdin.end();
    const said = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) {
      child[name].setEncoding("utf8").on("data", (text: string) => (said[name] += text));
    }
    const late = setTimeout(() => child.kill("SIGKILL"), RUN_MS_MAX);
    await once(child, "close");
    clearTimeout(late);
    return { code: child.exitCode, ...said };
  }

  /** Other hosts that anything run here tried to reach. */
  strangers(): string[] {
    if (!existsSync(this.#strangers)) return [];
    return readFileSync(this.#strangers, "utf8").trim().split("\n");
  }
}
