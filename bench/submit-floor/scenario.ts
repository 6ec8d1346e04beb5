import { conditionsNow } from "../conditions.ts";
import { figuresOf, firstFailure, type RoundFigures } from "../load/figures.ts";
import { startLoadGenerator, type LoadGenerator } from "../load/load-generator.ts";
import { columns, conditionsText, percentText, progress, publish, spreadText } from "../results.ts";
import type { Scenario } from "../scenario.ts";
import { spread, type Spread } from "../statistics.ts";
import { inTurns } from "../turns.ts";
import type { Place } from "../state-place.ts";
import { startUpstream } from "../upstream/start-upstream.ts";
import { parseSubmitFloorOptions, SUBMIT_FLOOR_USAGE, type SubmitFloorOptions } from "./options.ts";
import { startPair, type Pair, type Submitted } from "./subjects.ts";

/** Submits a second, beside a bare Worker that writes down as much in as many objects. */
export const submitFloorScenario: Scenario = { usage: SUBMIT_FLOOR_USAGE, run };

/** Over the round: no job is polled in it. */
const LIFE_SLACK_MS = 1_000;

const TIMEOUT_MS = 30_000;

interface Compared {
  place: Place;
  connections: number;
  gateway: Figures;
  floor: Figures;
  /** Submits a second over the floor's, of the same round. */
  ofFloor: Spread;
}

interface Figures {
  p50: Spread;
  p99: Spread;
  perSecond: Spread;
  failed: number;
}

async function run(argv: readonly string[]): Promise<void> {
  const options = parseSubmitFloorOptions(argv);
  const conditions = conditionsNow("submit-floor", argv);
  const upstream = await startUpstream({ replyMs: 0, taskMs: 0 });
  const load = startLoadGenerator();
  const pairs: Pair[] = [];
  try {
    for (const place of options.places) {
      pairs.push(await startPair(place, upstream, options.roundMs + LIFE_SLACK_MS));
    }
    const compared: Compared[] = [];
    for (const connections of options.connections) {
      for (const pair of pairs) compared.push(await compare(pair, load, connections, options));
    }
    const text = conditionsText(conditions) + textOf(options, compared);
    publish(options.json, { conditions, options, compared }, text);
  } finally {
    load.end();
    for (const { end } of pairs) await end();
    upstream.end();
  }
}

async function compare(
  { place, gateway, floor }: Pair,
  load: LoadGenerator,
  connections: number,
  { rounds, roundMs }: SubmitFloorOptions,
): Promise<Compared> {
  const round = async (subject: Submitted, n: number): Promise<RoundFigures> => {
    progress(
      `${place}, ${connections} connections, round ${n} of ${rounds}: ${subject === floor ? "floor" : "wavegate"}`,
    );
    const pattern = { kind: "closed", connections } as const;
    const order = { calls: [subject.call], pattern, forMs: roundMs, timeoutMs: TIMEOUT_MS, keepBodies: false };
    const result = await load.run(order);
    const failure = firstFailure(result.replies);
    if (failure !== null) throw new Error(`a submit was answered ${failure}`);
    await subject.settle();
    return figuresOf(result);
  };
  // The first round makes the trackers' databases, and is not counted.
  const measured = await inTurns([floor, gateway], rounds + 1, round);
  const [floors = [], gateways = []] = measured.map((all) => all.slice(1));
  const ofFloor = spread(gateways.map(({ perSecond }, n) => perSecond / (floors[n]?.perSecond ?? Number.NaN)));
  return { place, connections, gateway: spreads(gateways), floor: spreads(floors), ofFloor };
}

const spreads = (rounds: readonly RoundFigures[]): Figures => ({
  p50: spread(rounds.map(({ p50 }) => p50)),
  p99: spread(rounds.map(({ p99 }) => p99)),
  perSecond: spread(rounds.map(({ perSecond }) => perSecond)),
  failed: rounds.reduce((sum, { failed }) => sum + failed, 0),
});

function textOf({ rounds, roundMs }: SubmitFloorOptions, compared: readonly Compared[]): string {
  const row = ({ place, connections }: Compared, name: string, f: Figures, ratio: string): string[] => [
    place,
    String(connections),
    name,
    spreadText(f.perSecond, 0),
    spreadText(f.p50, 2),
    spreadText(f.p99, 2),
    ratio,
  ];
  const rows = compared.flatMap((c) => [
    row(c, "floor", c.floor, ""),
    row(c, "wavegate", c.gateway, percentText(c.ofFloor)),
  ]);
  const head = ["state", "connections", "", "submits/s", "p50 ms", "p99 ms", "of the floor"];
  return (
    `${rounds} rounds of ${roundMs} ms in turns; min / median / max of the rounds; the upstream answers at once, ` +
    `jobs end between the rounds\n\n${columns([head, ...rows])}`
  );
}
