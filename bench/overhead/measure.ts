import { figuresOf, firstFailure, type RoundFigures } from "../load/figures.ts";
import type { LoadGenerator } from "../load/load-generator.ts";
import { RateSearch } from "../rate-search.ts";
import { spread, type Spread } from "../statistics.ts";
import { inTurns } from "../turns.ts";
import type { OverheadOptions } from "./options.ts";
import type { Subject } from "./subjects.ts";

/** One subject at one number of connections. "Added": over the direct way, round by round. */
export interface Overhead {
  name: string;
  connections: number;
  addedP50: Spread;
  addedP95: Spread;
  addedP99: Spread;
  perSecond: Spread;
  /** Of the direct way's rate in the same round. */
  ofDirect: Spread;
  failed: number;
}

/** The highest rate at which the 99th percentile stays within a limit over the upstream's own time. */
export interface Capacity {
  name: string;
  limitMs: number;
  perSecond: number;
  /** The search ended at its bound: the subject can do more. */
  atLeast: boolean;
}

/** Milliseconds that the slowest hundredth may be added. */
export const LIMITS_MS = [10, 50] as const;

const TIMEOUT_MS = 30_000;
const RATE = { from: 50, max: 6_400 };
const SEARCH_CONNECTIONS = 256;
/** What of the rate must have been served for it to hold. */
const SERVED_SHARE = 0.95;

type Progress = (text: string) => void;

/** Each connection count by itself: rounds in turns over all subjects. The first subject is the direct way. */
export async function measureOverheads(
  subjects: readonly Subject[],
  load: LoadGenerator,
  options: OverheadOptions,
  progress: Progress,
): Promise<Overhead[]> {
  const overheads: Overhead[] = [];
  for (const connections of options.connections) {
    const round = (subject: Subject, n: number): Promise<RoundFigures> => {
      if (n > 0) progress(`${connections} connections, round ${n} of ${options.rounds}: ${subject.name}`);
      return closedRound(subject, load, { connections, forMs: options.roundMs });
    };
    // The first round is not counted: code that has not run yet is slow for every subject.
    const measured = (await inTurns(subjects, options.rounds + 1, round)).map((rounds) => rounds.slice(1));
    overheads.push(
      ...subjects.map(({ name }, i) => overheadOf(name, connections, measured[i] ?? [], measured[0] ?? [])),
    );
  }
  return overheads;
}

async function closedRound(
  subject: Subject,
  load: LoadGenerator,
  { connections, forMs }: { connections: number; forMs: number },
): Promise<RoundFigures> {
  const pattern = { kind: "closed", connections } as const;
  const result = await load.run({ calls: [subject.call], pattern, forMs, timeoutMs: TIMEOUT_MS, keepBodies: false });
  const failure = firstFailure(result.replies);
  if (failure !== null) process.stderr.write(`bench: ${subject.name} answered ${failure}\n`);
  await subject.settle();
  return figuresOf(result);
}

/** What a subject adds to the direct way, round by round. */
export function overheadOf(
  name: string,
  connections: number,
  own: readonly RoundFigures[],
  direct: readonly RoundFigures[],
): Overhead {
  const over = (of: (own: RoundFigures, direct: RoundFigures) => number): Spread =>
    spread(own.flatMap((round, n) => (direct[n] ? [of(round, direct[n])] : [])));
  return {
    name,
    connections,
    addedP50: over((a, b) => a.p50 - b.p50),
    addedP95: over((a, b) => a.p95 - b.p95),
    addedP99: over((a, b) => a.p99 - b.p99),
    perSecond: spread(own.map(({ perSecond }) => perSecond)),
    ofDirect: over((a, b) => a.perSecond / b.perSecond),
    failed: own.reduce((sum, { failed }) => sum + failed, 0),
  };
}

/** The searches of all subjects go in turns, too: each tries one rate, then the next does. */
export async function measureCapacities(
  subjects: readonly Subject[],
  load: LoadGenerator,
  options: OverheadOptions,
  progress: Progress,
): Promise<Capacity[]> {
  const searches = subjects.flatMap((subject) =>
    LIMITS_MS.map((limitMs) => ({ subject, limitMs, search: new RateSearch({ ...RATE, tries: options.tries }) })),
  );
  for (let tried = true; tried;) {
    tried = false;
    for (const { subject, limitMs, search } of searches) {
      const rate = search.next();
      if (rate === null) continue;
      tried = true;
      progress(`p99 within ${limitMs} ms: ${rate}/s through ${subject.name}`);
      search.tell(rate, await holds(subject, load, options, { rate, limitMs }));
    }
  }
  return searches.map(({ subject, limitMs, search }) => ({
    name: subject.name,
    limitMs,
    perSecond: search.best,
    atLeast: search.isOpen,
  }));
}

async function holds(
  subject: Subject,
  load: LoadGenerator,
  { upstreamMs, roundMs }: OverheadOptions,
  { rate, limitMs }: { rate: number; limitMs: number },
): Promise<boolean> {
  const pattern = { kind: "open", perSecond: rate, connections: SEARCH_CONNECTIONS } as const;
  const order = { calls: [subject.call], pattern, forMs: roundMs, timeoutMs: TIMEOUT_MS, keepBodies: false };
  const { p99, perSecond, failed } = figuresOf(await load.run(order));
  await subject.settle();
  return failed === 0 && p99 - upstreamMs <= limitMs && perSecond >= rate * SERVED_SHARE;
}
