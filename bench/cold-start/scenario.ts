import { join } from "node:path";
import { conditionsNow } from "../conditions.ts";
import { columns, conditionsText, progress, publish, spreadText } from "../results.ts";
import type { Scenario } from "../scenario.ts";
import { spread, type Spread } from "../statistics.ts";
import { inTurns } from "../turns.ts";
import { bundleOf, type BundleSize } from "./bundle-size.ts";
import { evaluateAlone, type EvaluatedAlone } from "./evaluate-alone.ts";
import { EMPTY_WORKER, startIsolates, type IsolateStart } from "./isolate-start.ts";
import { timeNpmStart } from "./npm-start.ts";
import { COLD_START_USAGE, parseColdStartOptions, type ColdStartOptions } from "./options.ts";

/** How large the API's Worker is, what its code takes to start, and `npm start` to its first answer. */
export const coldStartScenario: Scenario = { usage: COLD_START_USAGE, run };

/** The API's Worker: everything that `wrangler deploy` uploads for it. */
const ENTRY = join(import.meta.dirname, "../../src/index.ts");

/** What one Worker's code takes over an empty Worker's: compiling, evaluating its modules, and the first request. */
export interface Evaluation {
  wallMs: Spread;
  cpuMs: Spread | null;
}

async function run(argv: readonly string[]): Promise<void> {
  const options = parseColdStartOptions(argv);
  const conditions = conditionsNow("cold-start", argv);
  const { code, size } = await bundleOf(ENTRY);
  const round = (subject: string, n: number): Promise<IsolateStart> => {
    progress(`start ${n + 1} of ${options.rounds}: ${subject === code ? "wavegate" : "empty"}`);
    return startIsolates(subject, options.copies);
  };
  const [empty = [], own = []] = await inTurns([EMPTY_WORKER, code], options.rounds, round);
  const evaluation = evaluationOf(own, empty, options.copies);
  progress("evaluated alone");
  const alone = Array.from({ length: options.rounds }, () => evaluateAlone(code));
  const starts: { freshMs: number; againMs: number }[] = [];
  for (let n = 0; n < options.starts; n++) {
    progress(`npm start ${n + 1} of ${options.starts}`);
    starts.push(await timeNpmStart());
  }
  const fresh = spread(starts.map(({ freshMs }) => freshMs));
  const again = spread(starts.map(({ againMs }) => againMs));
  const text = conditionsText(conditions) + textOf(options, { size, evaluation, alone, empty, fresh, again });
  publish(options.json, { conditions, options, size, evaluation, alone, fresh, again }, text);
}

/** The difference of each round, for one Worker of the copies. */
export function evaluationOf(own: readonly IsolateStart[], empty: readonly IsolateStart[], copies: number): Evaluation {
  const walls = own.map(({ wallMs }, n) => (wallMs - (empty[n]?.wallMs ?? Number.NaN)) / copies);
  const cpus = own.flatMap(({ cpuMs }, n) => {
    const other = empty[n]?.cpuMs ?? null;
    return cpuMs === null || other === null ? [] : [(cpuMs - other) / copies];
  });
  return { wallMs: spread(walls), cpuMs: cpus.length === 0 ? null : spread(cpus) };
}

interface Found {
  size: BundleSize;
  evaluation: Evaluation;
  alone: readonly EvaluatedAlone[];
  empty: readonly IsolateStart[];
  fresh: Spread;
  again: Spread;
}

function textOf({ rounds, copies, starts }: ColdStartOptions, found: Found): string {
  const { size, evaluation, alone, empty, fresh, again } = found;
  const kilobytes = (bytes: number): string => `${(bytes / 1_000).toFixed(0)} kB`;
  const cpu = evaluation.cpuMs === null ? "not known here" : `${spreadText(evaluation.cpuMs)} ms`;
  return (
    `${rounds} starts of each in turns, ${copies} Workers of the same code at once; ${starts} of npm start; min / median / max\n\n` +
    columns([
      ["bundle of the API's Worker, gzipped", kilobytes(size.gzipped)],
      ["  not gzipped", kilobytes(size.bytes)],
      ["  minified, gzipped", kilobytes(size.minifiedGzipped)],
      ["code's start over an empty Worker's, time", `${spreadText(evaluation.wallMs)} ms`],
      ["  processor time", cpu],
      ["evaluated alone, in Node's V8", `${spreadText(spread(alone.map(({ evaluateMs }) => evaluateMs)))} ms`],
      ["  compiled there", `${spreadText(spread(alone.map(({ compileMs }) => compileMs)))} ms`],
      ["workerd with empty Workers, to all answers", `${spreadText(spread(empty.map(({ wallMs }) => wallMs)))} ms`],
      ["npm start to its first answer, new state", `${spreadText(fresh, 0)} ms`],
      ["  state that was there", `${spreadText(again, 0)} ms`],
    ])
  );
}
