import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { freePort } from "../test/support/free-port.ts";
import { makeStateDir, type Place } from "./state-place.ts";

/** The line that `npm start -- --json` prints. */
export interface StartedInfo {
  gateway: string;
  /** null: live jobs go to the WaveSpeed that the environment names. */
  simulator: string | null;
  operatorKey: string;
  tenantKey: string;
  tenant: string;
}

export interface StartedGateway {
  info: StartedInfo;
  end(): Promise<void>;
}

export interface Where {
  place?: Place;
  /** State to go on with, which stays at the end. Default: a new one in `place`, which goes. */
  dir?: string;
}

/** `npm start` in a process of its own, as users run it. */
export async function startGateway(env: Record<string, string>, where: Where = {}): Promise<StartedGateway> {
  const dir = where.dir ?? makeStateDir(where.place ?? "disk");
  const child = spawn(process.execPath, ["scripts/start.ts", "--json", "--state", dir], {
    cwd: join(import.meta.dirname, ".."),
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, PORT: String(await freePort()), SIMULATOR_PORT: String(await freePort()), ...env },
  });
  process.once("exit", () => {
    child.kill("SIGKILL");
    if (where.dir === undefined) rmSync(dir, { recursive: true, force: true });
  });
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith("{")) continue;
    return {
      info: JSON.parse(line) as StartedInfo,
      end: async () => {
        child.kill("SIGTERM");
        await once(child, "exit");
        if (where.dir === undefined) rmSync(dir, { recursive: true, force: true });
      },
    };
  }
  throw new Error("npm start ended before it was ready");
}
