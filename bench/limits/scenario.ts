import { BenchTenant } from "../bench-tenant.ts";
import { conditionsNow } from "../conditions.ts";
import { figuresOf } from "../load/figures.ts";
import { startLoadGenerator, type LoadGenerator } from "../load/load-generator.ts";
import type { Reply } from "../load/order.ts";
import { columns, conditionsText, progress, publish } from "../results.ts";
import type { Scenario } from "../scenario.ts";
import { startGateway } from "../started-gateway.ts";
import { startUpstream, upstreamEnv, type Upstream } from "../upstream/start-upstream.ts";
import { readBooks } from "./books.ts";
import { breakWithLoad, type Step, type Storm } from "./breaking-point.ts";
import { LIMITS_USAGE, parseLimitsOptions, type LimitsOptions } from "./options.ts";
import { verdict, type Check, type Evidence } from "./verdict.ts";

/** Raises the load until it breaks, and asserts that what follows is orderly. Fails if it is not. */
export const limitsScenario: Scenario = { usage: LIMITS_USAGE, run };

/** Jobs end soon after they were sent, so that the storm's own are over minutes after it. */
const LIFE = { POLL_MS_MIN: "200", POLL_MS_MAX: "1000" };

/** One submit after the other, before the storm and after it. */
const CALM_MS = 3_000;

async function run(argv: readonly string[]): Promise<void> {
  const options = parseLimitsOptions(argv);
  const conditions = conditionsNow("limits", argv);
  const upstream = await startUpstream({ replyMs: options.upstreamMs, taskMs: 0 });
  const load = startLoadGenerator();
  const gateway = await startGateway({ ...LIFE, ...upstreamEnv(upstream) });
  try {
    const tenant = await BenchTenant.create(gateway.info);
    const { storm, evidence, settledMs } = await measure(tenant, upstream, load, options);
    const checks = verdict(evidence);
    const { replies: _, ...steps } = storm;
    const text = conditionsText(conditions) + textOf(storm, checks, settledMs);
    publish(options.json, { conditions, options, ...steps, settledMs, checks }, text);
    const broken = checks.filter(({ kept }) => !kept).map(({ promise }) => promise);
    if (broken.length > 0) throw new Error(`not kept: ${broken.join("; ")}`);
  } finally {
    load.end();
    await gateway.end();
    upstream.end();
  }
}

interface Measured {
  storm: Storm;
  evidence: Evidence;
  /** How long after the load the last job had ended. */
  settledMs: number;
}

async function measure(
  tenant: BenchTenant,
  upstream: Upstream,
  load: LoadGenerator,
  options: LimitsOptions,
): Promise<Measured> {
  const before = await calm(load, tenant);
  const storm = await breakWithLoad(load, tenant.submit(), options);
  progress("the load has ended");
  const from = performance.now();
  const drained = await tenant.drained(options.settleMsMax);
  const settledMs = performance.now() - from;
  const after = await calm(load, tenant);
  await tenant.drained(options.settleMsMax);
  const { books, caughtUp } = await readBooks(tenant, upstream, options.settleMsMax);
  const evidence = {
    brokeAt: storm.brokeAt,
    replies: [...before.replies, ...storm.replies, ...after.replies],
    replyMsMax: options.replyMsMax,
    drained,
    caughtUp,
    books,
    beforeP50: before.p50,
    afterP50: after.p50,
  };
  return { storm, evidence, settledMs };
}

async function calm(load: LoadGenerator, tenant: BenchTenant): Promise<{ replies: Reply[]; p50: number }> {
  const pattern = { kind: "closed", connections: 1 } as const;
  const order = { calls: [tenant.submit()], pattern, forMs: CALM_MS, timeoutMs: 30_000, keepBodies: true };
  const result = await load.run(order);
  return { replies: result.replies, p50: figuresOf(result).p50 };
}

function textOf({ steps, past }: Storm, checks: readonly Check[], settledMs: number): string {
  const row = (name: string, { rate, perSecond, p50, p99, failed }: Step): string[] => [
    name,
    String(rate),
    perSecond.toFixed(0),
    p50.toFixed(0),
    p99.toFixed(0),
    String(failed),
  ];
  const table = columns([
    ["", "wanted/s", "served/s", "p50 ms", "p99 ms", "not 200"],
    ...steps.map((step) => row("", step)),
    ...(past ? [row("past it", past)] : []),
  ]);
  const lines = checks.map(({ promise, kept, found }) => `${kept ? "kept  " : "BROKEN"}  ${promise}: ${found}\n`);
  return `\n${table}\nThe last job had ended ${(settledMs / 1_000).toFixed(1)} s after the load.\n\n${lines.join("")}`;
}
