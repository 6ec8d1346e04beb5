import type { BenchTenant } from "../bench-tenant.ts";
import { conditionsNow } from "../conditions.ts";
import { figuresOf, firstFailure, type RoundFigures } from "../load/figures.ts";
import { startLoadGenerator, type LoadGenerator } from "../load/load-generator.ts";
import type { Call } from "../load/order.ts";
import { columns, conditionsText, progress, publish, spreadText } from "../results.ts";
import type { Scenario } from "../scenario.ts";
import { spread, type Spread } from "../statistics.ts";
import { inTurns } from "../turns.ts";
import { startUpstream, upstreamEnv } from "../upstream/start-upstream.ts";
import { growGateway, type GrownGateway } from "./grown-gateway.ts";
import { GROWTH_USAGE, nameOf, parseGrowthOptions, type GrowthOptions } from "./options.ts";

/** A submit, a poll and a usage query as the past grows, and the memory that it takes. */
export const growthScenario: Scenario = { usage: GROWTH_USAGE, run };

const LIFE = { POLL_MS_MIN: "200", POLL_MS_MAX: "1000" };
const DRAIN_MS_MAX = 60_000;
const TIMEOUT_MS = 30_000;

const OPERATIONS = ["submit", "poll", "usage"] as const;
type Operation = (typeof OPERATIONS)[number];

interface Grown {
  name: string;
  operation: Operation;
  p50: Spread;
  p99: Spread;
  /** Median latency over the first gateway's, of the same round. */
  ofFirst: Spread;
  /** The same over the first of as many tenants: what the past costs, apart from what tenants cost. */
  ofAsMany: Spread;
}

async function run(argv: readonly string[]): Promise<void> {
  const options = parseGrowthOptions(argv);
  const conditions = conditionsNow("growth", argv);
  const upstream = await startUpstream({ replyMs: 0, taskMs: 0 });
  const load = startLoadGenerator();
  const gateways: GrownGateway[] = [];
  try {
    for (const size of options.sizes)
      gateways.push(await growGateway(size, { ...LIFE, ...upstreamEnv(upstream) }, progress));
    const grown: Grown[] = [];
    for (const operation of OPERATIONS) grown.push(...(await measure(operation, gateways, load, options)));
    const made = gateways.map(({ size, seedSeconds, memory }) => ({
      name: nameOf(size),
      seedSeconds,
      megabytes: memory(),
    }));
    const text = conditionsText(conditions) + textOf(options, grown, made);
    publish(options.json, { conditions, options, grown, made }, text);
  } finally {
    load.end();
    for (const { end } of gateways) await end();
    upstream.end();
  }
}

async function measure(
  operation: Operation,
  gateways: readonly GrownGateway[],
  load: LoadGenerator,
  { connections, rounds, roundMs }: GrowthOptions,
): Promise<Grown[]> {
  const calls: Call[][] = [];
  for (const gateway of gateways) calls.push(await callsOf(operation, gateway, load));
  const round = async (gateway: GrownGateway, n: number): Promise<RoundFigures> => {
    progress(`${operation}, round ${n} of ${rounds}: ${nameOf(gateway.size)}`);
    const pattern = { kind: "closed", connections } as const;
    const own = calls[gateways.indexOf(gateway)] ?? [];
    const result = await load.run({ calls: own, pattern, forMs: roundMs, timeoutMs: TIMEOUT_MS, keepBodies: false });
    const failure = firstFailure(result.replies);
    if (failure !== null) throw new Error(`${operation} was answered ${failure}`);
    if (operation === "submit") await drainAll(gateway.tenants);
    return figuresOf(result);
  };
  const measured = (await inTurns(gateways, rounds + 1, round)).map((all) => all.slice(1));
  const over = (own: readonly RoundFigures[], base: readonly RoundFigures[] = []): Spread =>
    spread(own.map(({ p50 }, n) => p50 / (base[n]?.p50 ?? Number.NaN)));
  return gateways.map(({ size }, index) => {
    const own = measured[index] ?? [];
    const asMany = gateways.findIndex((other) => other.size.tenants === size.tenants);
    return {
      name: nameOf(size),
      operation,
      p50: spread(own.map(({ p50 }) => p50)),
      p99: spread(own.map(({ p99 }) => p99)),
      ofFirst: over(own, measured[0]),
      ofAsMany: over(own, measured[asMany]),
    };
  });
}

/** The same of every tenant, in turns. */
async function callsOf(operation: Operation, { tenants }: GrownGateway, load: LoadGenerator): Promise<Call[]> {
  switch (operation) {
    case "submit":
      return tenants.map((tenant) => tenant.submit());
    case "usage":
      return tenants.map((tenant) => tenant.usage());
    case "poll":
      return pollsOf(tenants, load);
  }
}

const POLLED_MS = 500;

/** Reads of jobs that were submitted for them. */
async function pollsOf(tenants: readonly BenchTenant[], load: LoadGenerator): Promise<Call[]> {
  const calls: Call[] = [];
  for (const tenant of tenants.slice(0, POLLED_TENANTS_MAX)) {
    const pattern = { kind: "closed", connections: 1 } as const;
    const forMs = Math.ceil(POLLED_MS / Math.min(tenants.length, POLLED_TENANTS_MAX));
    const order = { calls: [tenant.submit()], pattern, forMs, timeoutMs: TIMEOUT_MS, keepBodies: true };
    const { replies } = await load.run(order);
    const ids = replies.map(({ text }) => (JSON.parse(text) as { data: { id: string } }).data.id);
    calls.push(...ids.map((id) => tenant.read(id)));
  }
  await drainAll(tenants);
  return calls;
}

/** More would be a bench of making jobs. */
const POLLED_TENANTS_MAX = 100;

const DRAINED_AT_ONCE = 16;

async function drainAll(tenants: readonly BenchTenant[]): Promise<void> {
  const left = [...tenants];
  const drain = async (): Promise<void> => {
    for (let tenant = left.pop(); tenant; tenant = left.pop()) {
      if (!(await tenant.drained(DRAIN_MS_MAX))) throw new Error(`jobs were still open after ${DRAIN_MS_MAX} ms`);
    }
  };
  await Promise.all(Array.from({ length: DRAINED_AT_ONCE }, drain));
}

interface Made {
  name: string;
  seedSeconds: number;
  megabytes: number | null;
}

function textOf(
  { connections, rounds, roundMs }: GrowthOptions,
  grown: readonly Grown[],
  made: readonly Made[],
): string {
  const head = ["", "past", "p50 ms", "p99 ms", "p50 over the first's", "over the first's of as many tenants"];
  const rows = grown.map((g) => [
    g.operation,
    g.name,
    spreadText(g.p50, 2),
    spreadText(g.p99, 2),
    spreadText(g.ofFirst, 2),
    spreadText(g.ofAsMany, 2),
  ]);
  const memory = made.map(({ name, megabytes, seedSeconds }) => [
    name,
    megabytes === null ? "not known here" : megabytes.toFixed(0),
    seedSeconds.toFixed(0),
  ]);
  return (
    `${rounds} rounds of ${roundMs} ms in turns, ${connections} connections; min / median / max of the rounds; state on disk\n\n` +
    `${columns([head, ...rows])}\n${columns([["past", "memory of workerd at the end, MB", "made in s"], ...memory])}`
  );
}
