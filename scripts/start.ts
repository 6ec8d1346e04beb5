import { dirname, join } from "node:path";
import { announceJson, announceText } from "./start/announce.ts";
import { startCron } from "./start/cron.ts";
import { prepareDatabases } from "./start/databases.ts";
import { buildWorker } from "./start/build-worker.ts";
import { withEgress } from "./start/egress.ts";
import { endOnSignals, endWithWorkerd } from "./start/lifetime.ts";
import { parseOptions, UsageError, USAGE, type StartOptions } from "./start/options.ts";
import { refuseTakenPort } from "./start/ports.ts";
import { startRuntime } from "./start/runtime.ts";
import { seedModel, seedOperator, seedTenant, writeConsoleLink } from "./start/seed.ts";
import { openState } from "./start/state.ts";
import { consoleLink } from "./sign-in-link.ts";
import { chooseUpstream } from "./start/upstream.ts";
import { gatewayVariables, readVariables, refuseWrongVariables, simulatorVariables } from "./start/variables.ts";

/**
 * `npm start`: the whole gateway on this machine, in one workerd, on real local D1, Durable Objects
 * and Queues, in front of the WaveSpeed simulator or of the WaveSpeed that the environment names.
 */
const ROOT = dirname(import.meta.dirname);
const GATEWAY_CONFIG = join(ROOT, "wrangler.toml");
const SIMULATOR_CONFIG = join(ROOT, "src/simulator/wrangler.toml");

async function start(options: StartOptions): Promise<void> {
  const env = readVariables(ROOT, process.env);
  const upstream = chooseUpstream(env, options);
  await refuseTakenPort(options.port, "PORT");
  if (upstream.simulatorPort !== null) await refuseTakenPort(upstream.simulatorPort, "SIMULATOR_PORT");
  const state = openState(options.stateDir, options.fresh);

  const variables = gatewayVariables(env, upstream, state.secrets.wavegateSecret);
  refuseWrongVariables(variables);
  // What programs read has no link in it, so none is made for them.
  const link = options.json ? null : consoleLink("start", Date.now());
  const [gateway, simulator] = await Promise.all([
    buildWorker(GATEWAY_CONFIG, variables, options.port),
    buildWorker(SIMULATOR_CONFIG, simulatorVariables(env), upstream.simulatorPort),
    prepareDatabases(state, GATEWAY_CONFIG, async (database) => {
      const control = await database("CONTROL");
      await seedOperator(state, control);
      if (link) await writeConsoleLink(control, link);
    }),
  ]);
  const { miniflare, workerd } = await startRuntime(state, [withEgress(gateway), simulator]);
  endWithWorkerd(workerd);

  const url = `http://localhost:${options.port}`;
  const modelSeeded = seedModel(state, url);
  const seeded = await seedTenant(state, url);
  // The simulator answers at once; nobody waits for a WaveSpeed that may be far away, or not there.
  if (upstream.simulatorPort !== null) await modelSeeded;
  const started = {
    gateway: url,
    simulator: upstream.simulatorPort === null ? null : `http://localhost:${upstream.simulatorPort}`,
    ...seeded,
  };
  startCron(miniflare);
  process.stdout.write(
    link === null ? announceJson(started) : announceText(started, upstream.baseUrl, options.stateDir, link.urlAt(url)),
  );
}

endOnSignals();
try {
  const options = parseOptions(process.argv.slice(2), process.env, ROOT);
  if (options.help) process.stdout.write(USAGE);
  else await start(options);
} catch (error) {
  process.stderr.write(
    `wavegate: ${error instanceof UsageError ? error.message : String(error instanceof Error ? error.stack : error)}\n`,
  );
  process.exit(1);
}
