import { execFile, spawn } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { freePort } from "../../test/support/free-port.ts";
import type { Call } from "../load/order.ts";

/** What it is compared with. Not a dependency of the gateway: it is fetched when the bench runs for the first time. */
export const PORTKEY = "@portkey-ai/gateway@1.15.2";

const FOLDER = join(tmpdir(), `wavegate-bench-portkey-${PORTKEY.split("@").at(-1)}`);
const SERVER = join(FOLDER, "node_modules/@portkey-ai/gateway/build/start-server.js");
const INSTALL_MS_MAX = 120_000;
const READY_MS_MAX = 20_000;

export interface Portkey {
  /** A chat completion that it passes on to the upstream, which answers it as late as a submit. */
  call: Call;
  end(): void;
}

/** Starts Portkey's open-source gateway. A text says why there is none: no registry, or it does not come up. */
export async function startPortkey(upstream: string): Promise<Portkey | string> {
  const missing = existsSync(SERVER) ? null : await install();
  if (missing !== null) return missing;
  const port = await freePort();
  const child = spawn(process.execPath, [SERVER, `--port=${port}`, "--headless"], {
    cwd: FOLDER,
    stdio: "ignore",
    env: { ...process.env, NODE_ENV: "production" },
  });
  process.once("exit", () => child.kill("SIGKILL"));
  const end = (): void => void child.kill("SIGKILL");
  const url = `http://127.0.0.1:${port}/v1/chat/completions`;
  if (await isUp(`http://127.0.0.1:${port}/`)) return { call: chat(url, upstream), end };
  end();
  return `${PORTKEY} did not answer within ${READY_MS_MAX / 1_000} s`;
}

async function install(): Promise<string | null> {
  process.stderr.write(`bench: fetching ${PORTKEY} into ${FOLDER}\n`);
  mkdirSync(FOLDER, { recursive: true });
  const args = ["install", "--prefix", FOLDER, "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", PORTKEY];
  try {
    await promisify(execFile)("npm", args, { timeout: INSTALL_MS_MAX });
  } catch (error) {
    return `${PORTKEY} could not be fetched: ${String(error instanceof Error ? error.message : error).slice(0, 300)}`;
  }
  return existsSync(SERVER) ? null : `${PORTKEY} has no ${SERVER}`;
}

async function isUp(url: string): Promise<boolean> {
  const until = performance.now() + READY_MS_MAX;
  while (performance.now() < until) {
    const answered = await fetch(url).then(
      () => true,
      () => false,
    );
    if (answered) return true;
    await sleep(100);
  }
  return false;
}

const chat = (url: string, upstream: string): Call => ({
  method: "POST",
  url,
  headers: {
    "content-type": "application/json",
    authorization: "Bearer fake_account_key",
    "x-portkey-provider": "openai",
    "x-portkey-custom-host": `${upstream}/v1`,
  },
  body: JSON.stringify({ model: "bench", messages: [{ role: "user", content: "a lighthouse at dusk, slow shot" }] }),
});
