import { writeFileSync } from "node:fs";
import { conditionsNow, type Conditions } from "../conditions.ts";
import type { Scenario } from "../scenario.ts";
import { freePort } from "../../test/support/free-port.ts";
import { startGateway, type StartedInfo } from "../started-gateway.ts";
import { quantile, spread, type Spread } from "../statistics.ts";
import { readAll, type ReadFigures, type Target } from "./clients.ts";
import { startFloor } from "./floor.ts";
import { parsePollingOptions, POLLING_USAGE, type PollingOptions } from "./options.ts";
import { startJobs, upstreamPolls, type UpstreamPolls } from "./jobs.ts";

/** Clients that poll running jobs, beside the same reads of bare objects; and what WaveSpeed sees of it. */
export const pollingScenario: Scenario = { usage: POLLING_USAGE, run };

/** Shortest wait between two polls of one job: the gateway's default. */
const POLL_MS_MIN = 2_000;

interface Figures {
  p50: Spread;
  p99: Spread;
  readsPerSecond: Spread;
  failed: number;
}

interface Results {
  conditions: Conditions;
  options: PollingOptions;
  gateway: Figures;
  floor: Figures;
  upstream: UpstreamPolls;
}

async function run(argv: readonly string[]): Promise<void> {
  const options = parsePollingOptions(argv);
  const conditions = conditionsNow("polling", argv);
  const floor = await startFloor(await freePort());
  const gateway = await startGateway({ POLL_MS_MIN: String(POLL_MS_MIN) });
  try {
    const results = { conditions, options, ...(await measure(gateway.info, floor.url, options)) };
    if (options.json !== null) writeFileSync(options.json, `${JSON.stringify(results, null, 2)}\n`);
    process.stdout.write(table(results));
  } finally {
    await gateway.end();
    await floor.end();
  }
}

async function measure(info: StartedInfo, floorUrl: string, options: PollingOptions) {
  const { jobs, everyMs, rounds, roundMs } = options;
  const { ids, key } = await startJobs(info, jobs);
  const headers = { authorization: `Bearer ${key}` };
  const own: Target[] = ids.map((id) => ({ url: `${info.gateway}/api/v3/predictions/${id}/result`, headers }));
  const bare: Target[] = ids.map((_, index) => ({ url: `${floorUrl}/${index}`, headers: {} }));
  // Everything has been read once before anything is measured.
  await readAll(bare, everyMs, everyMs);
  await readAll(own, everyMs, everyMs);
  const figures = { gateway: [] as ReadFigures[], floor: [] as ReadFigures[] };
  for (let round = 1; round <= rounds; round++) {
    process.stderr.write(`bench: polling, round ${round} of ${rounds}\n`);
    figures.gateway.push(await readAll(own, everyMs, roundMs));
    figures.floor.push(await readAll(bare, everyMs, roundMs));
  }
  const upstream = await upstreamPolls(info, POLL_MS_MIN);
  return { gateway: figuresOf(figures.gateway), floor: figuresOf(figures.floor), upstream };
}

const figuresOf = (rounds: readonly ReadFigures[]): Figures => ({
  p50: spread(rounds.map(({ latencies }) => quantile(latencies, 0.5))),
  p99: spread(rounds.map(({ latencies }) => quantile(latencies, 0.99))),
  readsPerSecond: spread(rounds.map(({ latencies, seconds }) => latencies.length / seconds)),
  failed: rounds.reduce((sum, { failed }) => sum + failed, 0),
});

function table({ conditions, options, gateway, floor, upstream }: Results): string {
  const of = ({ min, median, max }: Spread): string => [min, median, max].map((n) => n.toFixed(1)).join(" / ");
  const row = (name: string, { p50, p99, readsPerSecond, failed }: Figures): string =>
    `${name.padEnd(10)} p50 ${of(p50)} ms   p99 ${of(p99)} ms   ${of(readsPerSecond)} reads/s   failed ${failed}`;
  return [
    `${conditions.date}  ${conditions.command}  ${conditions.commit}  ${conditions.cpus} CPUs, load ${conditions.loadBefore.toFixed(1)}`,
    `${options.jobs} jobs running, each read every ${options.everyMs} ms; ${options.rounds} rounds in turns; min / median / max of the rounds`,
    row("wavegate", gateway),
    row("floor", floor),
    `upstream   ${upstream.polls} polls of ${upstream.jobs} jobs in ${upstream.seconds.toFixed(0)} s; at most ${upstream.mostOfOneJob} of one job, ${upstream.allowedOfOneJob} were allowed (one in ${POLL_MS_MIN} ms)`,
    "",
  ].join("\n");
}
