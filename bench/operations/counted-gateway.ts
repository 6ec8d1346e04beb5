import { once } from "node:events";
import { rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { V4WorkerOptions } from "miniflare";
import { buildWorker } from "../../scripts/start/build-worker.ts";
import { bundleWorker } from "../../scripts/start/bundle.ts";
import { prepareDatabases } from "../../scripts/start/databases.ts";
import { startRuntime } from "../../scripts/start/runtime.ts";
import { seedOperator } from "../../scripts/start/seed.ts";
import { openState } from "../../scripts/start/state.ts";
import { gatewayVariables } from "../../scripts/start/variables.ts";
import { freePort } from "../../test/support/free-port.ts";
import { makeStateDir } from "../state-place.ts";
import { makeFakeWaveSpeed } from "../upstream/fake-wavespeed.ts";
import { COMMAND_URL, type Command } from "./protocol.ts";

/** A gateway in workerd whose operations are counted and whose time is the driver's. */
export interface CountedGateway {
  gateway: string;
  operatorKey: string;
  /** Answers what the command asks for; null where that is nothing. */
  command<T>(command: Command): Promise<T>;
  end(): Promise<void>;
}

export const HOOK_SECRET = "whsec_bench";

const ROOT = join(import.meta.dirname, "../..");
const GATEWAY_CONFIG = join(ROOT, "wrangler.toml");

export interface Setting {
  /** Where WaveSpeed's webhooks come; empty: it sends none. */
  publicUrl: string;
  /** How long a task runs. */
  taskMs: number;
  /** The driver's time, epoch ms. */
  now: () => number;
  /** WaveSpeed has made a task. `webhook`: where it says that the task has ended. */
  submitted: (id: string, webhook: string | null) => void;
}

/** Starts the gateway's own Worker, objects, databases and queue, and the fake WaveSpeed, on new state. */
export async function startCountedGateway({ publicUrl, taskMs, ...owner }: Setting): Promise<CountedGateway> {
  const dir = makeStateDir("disk");
  process.once("exit", () => rmSync(dir, { recursive: true, force: true }));
  const state = openState(dir, true);
  const wavespeed = makeFakeWaveSpeed({ replyMs: 0, taskMs }, owner).listen(0, "127.0.0.1");
  await once(wavespeed, "listening");
  const baseUrl = `http://127.0.0.1:${(wavespeed.address() as AddressInfo).port}`;
  const upstream = { baseUrl, apiKey: "fake_account_key", publicUrl, simulatorPort: null };
  // Known from the start: else it would be read from WaveSpeed every ten minutes, whatever the number of jobs.
  const variables = gatewayVariables({ WAVESPEED_WEBHOOK_SECRET: HOOK_SECRET }, upstream, state.secrets.wavegateSecret);
  await prepareDatabases(state, GATEWAY_CONFIG, async (database) => seedOperator(state, await database("CONTROL")));
  const port = await freePort();
  const [counted, simulator] = await workers();
  const { miniflare } = await startRuntime(state, [
    {
      ...counted,
      bindings: { ...counted.bindings, ...variables },
      unsafeDirectSockets: [{ host: "127.0.0.1", port }],
    },
    simulator,
  ]);
  const worker = await miniflare.getWorker();
  return {
    gateway: `http://127.0.0.1:${port}`,
    operatorKey: state.secrets.operatorKey ?? "",
    command: async <T>(command: Command) => {
      const response = await worker.fetch(COMMAND_URL, { method: "POST", body: JSON.stringify(command) });
      if (!response.ok) throw new Error(`${command.kind}: ${response.status} ${await response.text()}`);
      return (await response.json()) as T;
    },
    end: async () => {
      await miniflare.dispose();
      wavespeed.close();
      wavespeed.closeAllConnections();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

let built: Promise<[V4WorkerOptions, V4WorkerOptions]> | null = null;

/** The counted gateway and the simulator, which it is bound to; bundled once for all lives. */
function workers(): Promise<[V4WorkerOptions, V4WorkerOptions]> {
  built ??= Promise.all([countedWorker(), buildWorker(join(ROOT, "src/simulator/wrangler.toml"), {}, null)]);
  return built;
}

async function countedWorker(): Promise<V4WorkerOptions> {
  const worker = await buildWorker(GATEWAY_CONFIG, {}, null);
  const contents = await bundleWorker(join(import.meta.dirname, "operations-worker.ts"));
  return {
    ...worker,
    modules: [{ type: "ESModule", path: "index.js", contents }],
    durableObjects: Object.fromEntries(
      Object.entries(worker.durableObjects ?? {}).map(([binding, designator]) => [
        binding,
        // Memory is kept however slow this machine is: an object that is made anew reads more.
        { ...(designator as { className: string }), useSQLite: true, unsafePreventEviction: true },
      ]),
    ),
    // Soon, since the driver waits for each: a batch holds what one flush of a ledger sent, as it would after a second.
    queueConsumers: { "wavegate-usage": { maxBatchSize: 50, maxBatchTimeout: 0.05 } },
  };
}
