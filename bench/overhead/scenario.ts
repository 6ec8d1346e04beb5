import { conditionsNow, type Conditions } from "../conditions.ts";
import { startLoadGenerator } from "../load/load-generator.ts";
import { columns, conditionsText, percentText, progress, publish, spreadText } from "../results.ts";
import type { Scenario } from "../scenario.ts";
import { startUpstream } from "../upstream/start-upstream.ts";
import { LIMITS_MS, measureCapacities, measureOverheads, type Capacity, type Overhead } from "./measure.ts";
import { OVERHEAD_USAGE, parseOverheadOptions, type OverheadOptions } from "./options.ts";
import { PORTKEY } from "./portkey.ts";
import { startSubjects } from "./subjects.ts";

/** What the gateway adds to a submit, beside a bare Worker and another gateway, and how much it takes. */
export const overheadScenario: Scenario = { usage: OVERHEAD_USAGE, run };

interface Results {
  conditions: Conditions;
  options: OverheadOptions;
  overheads: Overhead[];
  capacities: Capacity[];
  /** Why there is no Portkey among the subjects. */
  missing: string | null;
}

async function run(argv: readonly string[]): Promise<void> {
  const options = parseOverheadOptions(argv);
  const conditions = conditionsNow("overhead", argv);
  const upstream = await startUpstream({ replyMs: options.upstreamMs, taskMs: 0 });
  const load = startLoadGenerator();
  const { subjects, missing } = await startSubjects(upstream, options.places);
  try {
    const overheads = await measureOverheads(subjects, load, options, progress);
    const capacities = await measureCapacities(subjects, load, options, progress);
    const results = { conditions, options, overheads, capacities, missing };
    publish(options.json, results, textOf(results));
  } finally {
    load.end();
    for (const { end } of subjects) await end();
    upstream.end();
  }
}

function textOf({ conditions, options, overheads, capacities, missing }: Results): string {
  const head = [
    "connections",
    "way",
    "added p50 ms",
    "added p95 ms",
    "added p99 ms",
    "per second",
    "of direct",
    "failed",
  ];
  const rows = overheads.map((o) => [
    String(o.connections),
    o.name,
    ...[o.addedP50, o.addedP95, o.addedP99].map((added) => spreadText(added, 2)),
    spreadText(o.perSecond, 0),
    percentText(o.ofDirect),
    String(o.failed),
  ]);
  const capacityHead = ["way", ...LIMITS_MS.map((limit) => `p99 within upstream + ${limit} ms, per second`)];
  const names = [...new Set(capacities.map(({ name }) => name))];
  const capacityRows = names.map((name) => [
    name,
    ...capacities.filter((c) => c.name === name).map((c) => `${c.atLeast ? "at least " : ""}${c.perSecond}`),
  ]);
  return [
    conditionsText(conditions),
    `The upstream answers a submit after ${options.upstreamMs} ms; ${options.rounds} rounds of ${options.roundMs} ms in turns; `,
    "min / median / max of the rounds. 1 connection: one submit after the other. Portkey: ",
    missing === null ? `${PORTKEY}, without keys, budgets or jobs.\n\n` : `none (${missing}).\n\n`,
    columns([head, ...rows]),
    "\n",
    columns([capacityHead, ...capacityRows]),
  ].join("");
}
