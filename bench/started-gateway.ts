import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { freePort } from "../test/support/free-port.ts";

/** The line that `npm start -- --json` prints. */
export interface StartedInfo {
  gateway: string;
  simulator: string;
  operatorKey: string;
  tenantKey: string;
  tenant: string;
}

/** `npm start` in a process of its own, as users run it, on state in a new directory. */
export async function startGateway(env: Record<string, string>): Promise<{ info: StartedInfo; end(): Promise<void> }> {
  const dir = mkdtempSync(join(tmpdir(), "wavegate-bench-"));
  const child = spawn(process.execPath, ["scripts/start.ts", "--json", "--state", dir], {
    cwd: join(import.meta.dirname, ".."),
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, PORT: String(await freePort()), SIMULATOR_PORT: String(await freePort()), ...env },
  });
  process.once("exit", () => child.kill("SIGKILL"));
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith("{")) continue;
    return {
      info: JSON.parse(line) as StartedInfo,
      end: async () => {
        child.kill("SIGTERM");
        await once(child, "exit");
        rmSync(dir, { recursive: true, force: true });
      },
    };
  }
  throw new Error("npm start ended before it was ready");
}
