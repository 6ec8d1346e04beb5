import { join } from "node:path";
import { startBareWorker } from "../bare-worker.ts";
import { conditionsNow, type Conditions } from "../conditions.ts";
import { figuresOf, type RoundFigures } from "../load/figures.ts";
import { startLoadGenerator, type LoadGenerator } from "../load/load-generator.ts";
import type { Call } from "../load/order.ts";
import { columns, conditionsText, percentText, progress, publish, spreadText } from "../results.ts";
import type { Scenario } from "../scenario.ts";
import { startGateway, type StartedInfo } from "../started-gateway.ts";
import { spread, type Spread } from "../statistics.ts";
import { inTurns } from "../turns.ts";
import { startJobs, upstreamPolls, type UpstreamPolls } from "./jobs.ts";
import {
  FAN_OUT,
  parsePollingOptions,
  POLLING,
  pollingUsage,
  type PollingOptions,
  type PollingPreset,
} from "./options.ts";

/** Clients that poll running jobs, beside the same reads of bare objects; and what WaveSpeed sees of it. */
export const pollingScenario = pollingWith(POLLING);

/** The same with more clients than the machine may serve: what share of their reads it does. */
export const fanOutScenario = pollingWith(FAN_OUT);

/** Shortest wait between two polls of one job: the gateway's default. */
const POLL_MS_MIN = 2_000;

const TIMEOUT_MS = 30_000;

export interface PollingFigures {
  p50: Spread;
  p99: Spread;
  readsPerSecond: Spread;
  /** Of the reads that the clients would do if none waited for its answer longer than its interval. */
  ofWanted: Spread;
  failed: number;
}

interface Results {
  conditions: Conditions;
  options: PollingOptions;
  gateway: PollingFigures;
  floor: PollingFigures;
  /** The gateway's reads over the floor's, of the same round. */
  ofFloor: Spread;
  upstream: UpstreamPolls;
}

function pollingWith(preset: PollingPreset): Scenario {
  const run = async (argv: readonly string[]): Promise<void> => {
    const options = parsePollingOptions(argv, preset);
    const conditions = conditionsNow(preset.name, argv);
    const floor = await startBareWorker(join(import.meta.dirname, "floor-worker.ts"), {
      durableObjects: { READS: { className: "ReadFloor", useSQLite: true } },
    });
    const gateway = await startGateway({ POLL_MS_MIN: String(POLL_MS_MIN) });
    const load = startLoadGenerator();
    try {
      const results = { conditions, options, ...(await measure(gateway.info, floor.url, load, options)) };
      publish(options.json, results, textOf(results));
    } finally {
      load.end();
      await gateway.end();
      await floor.end();
    }
  };
  return { usage: pollingUsage(preset), run };
}

type Measured = Omit<Results, "conditions" | "options">;

async function measure(
  info: StartedInfo,
  floorUrl: string,
  load: LoadGenerator,
  options: PollingOptions,
): Promise<Measured> {
  const { jobs, everyMs, rounds, roundMs } = options;
  const { ids, key } = await startJobs(info, jobs);
  const headers = { authorization: `Bearer ${key}` };
  const own = ids.map((id): Call => ({
    method: "GET",
    url: `${info.gateway}/api/v3/predictions/${id}/result`,
    headers,
  }));
  const bare = ids.map((_, index): Call => ({ method: "GET", url: `${floorUrl}/${index}`, headers: {} }));
  const readAll = async (calls: readonly Call[], forMs: number): Promise<RoundFigures> => {
    const pattern = { kind: "clients", everyMs } as const;
    return figuresOf(await load.run({ calls, pattern, forMs, timeoutMs: TIMEOUT_MS, keepBodies: false }));
  };
  // Everything has been read once before anything is measured.
  for (const calls of [bare, own]) await readAll(calls, everyMs);
  const [gateway = [], floor = []] = await inTurns([own, bare], rounds, (calls, round) => {
    progress(`round ${round + 1} of ${rounds}: ${calls === own ? "wavegate" : "floor"}`);
    return readAll(calls, roundMs);
  });
  const wanted = (jobs * 1_000) / everyMs;
  return {
    gateway: pollingFigures(gateway, wanted),
    floor: pollingFigures(floor, wanted),
    ofFloor: spread(gateway.map(({ perSecond }, n) => perSecond / (floor[n]?.perSecond ?? Number.NaN))),
    upstream: await upstreamPolls(info, POLL_MS_MIN),
  };
}

/** `wanted`: reads a second of clients that never wait longer than their interval. */
export const pollingFigures = (rounds: readonly RoundFigures[], wanted: number): PollingFigures => ({
  p50: spread(rounds.map(({ p50 }) => p50)),
  p99: spread(rounds.map(({ p99 }) => p99)),
  readsPerSecond: spread(rounds.map(({ perSecond }) => perSecond)),
  // A round ends with its last answer, a little after its last read was due.
  ofWanted: spread(rounds.map(({ perSecond }) => Math.min(1, perSecond / wanted))),
  failed: rounds.reduce((sum, { failed }) => sum + failed, 0),
});

function textOf({ conditions, options, gateway, floor, ofFloor, upstream }: Results): string {
  const row = (name: string, f: PollingFigures, ratio: string): string[] => [
    name,
    ...[f.p50, f.p99, f.readsPerSecond].map((figure) => spreadText(figure)),
    percentText(f.ofWanted),
    ratio,
    String(f.failed),
  ];
  return [
    conditionsText(conditions),
    `${options.jobs} jobs running, each read every ${options.everyMs} ms, which is ${(options.jobs * 1_000) / options.everyMs} reads/s; `,
    `${options.rounds} rounds in turns; min / median / max of the rounds\n\n`,
    columns([
      ["", "p50 ms", "p99 ms", "reads/s", "of the reads wanted", "of the floor", "failed"],
      row("wavegate", gateway, percentText(ofFloor)),
      row("floor", floor, ""),
    ]),
    `\nupstream: ${upstream.polls} polls of ${upstream.jobs} jobs in ${upstream.seconds.toFixed(0)} s; at most ${upstream.mostOfOneJob} of one job, `,
    `${upstream.allowedOfOneJob} were allowed (one in ${POLL_MS_MIN} ms)\n`,
  ].join("");
}
