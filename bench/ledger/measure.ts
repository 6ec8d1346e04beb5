import { quantile, spread, type Spread } from "../statistics.ts";
import type { SeededLedger } from "./history.ts";
import type { Round, RoundKind, RoundResult } from "./protocol.ts";
import type { BenchWorkers } from "./workers.ts";

export const FLOOR = "floor";

/** One ledger that is measured, or the floor. */
export interface Subject {
  name: string;
  round(round: Round): Promise<RoundResult>;
  cpuMicros(): number | null;
  /** Between two rounds: no hold is left open, nothing waits to be sent. */
  settle(): Promise<unknown>;
}

export interface Figures {
  name: string;
  /** Rounds that were measured. */
  rounds: number;
  /** Operations per second, and latency of one, of each round. */
  perSecond: Spread;
  p50Ms: Spread;
  p99Ms: Spread;
  /** Processor time of workerd for one operation: what neighbours on the machine disturb least. Linux only. */
  cpuMicros: Spread | null;
  /** Operations per second over the floor's of the same round; of the floor itself 1. */
  ofFloor: Spread;
  /** Operations per second over those of the first ledger, which has the shortest history, of the same round. */
  ofFirst: Spread;
}

interface Measured {
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  cpuMicros: number | null;
}

/** A busy machine gets fewer rounds, but never fewer than these, so that the whole run stays bounded. */
const ROUNDS_MS = 75_000;
const ROUNDS_MIN = 5;

/** Rounds in turns, each time in another order, so that what disturbs the machine disturbs all. */
export async function measure(
  subjects: readonly Subject[],
  rounds: number,
  round: Round,
  progress: (text: string) => void,
): Promise<Figures[]> {
  // Code that has not run yet is slow for every subject; its first operations are not counted.
  for (const subject of subjects) await measureOne(subject, round);
  const measured = subjects.map((): Measured[] => []);
  const started = performance.now();
  for (let n = 0; n < rounds; n++) {
    if (n >= ROUNDS_MIN && performance.now() - started > ROUNDS_MS) break;
    progress(`${round.kind}: round ${n + 1} of ${rounds}`);
    for (let turn = 0; turn < subjects.length; turn++) {
      const index = (n + turn) % subjects.length;
      const subject = subjects[index];
      if (subject) measured[index]?.push(await measureOne(subject, round));
    }
  }
  const [floor = [], first = []] = measured;
  return subjects.map(({ name }, index) => figures(name, measured[index] ?? [], floor, first));
}

async function measureOne(subject: Subject, round: Round): Promise<Measured> {
  const cpuBefore = subject.cpuMicros();
  const { elapsedMs, latenciesMs } = await subject.round(round);
  const cpuAfter = subject.cpuMicros();
  if (latenciesMs.length !== round.operations) throw new Error("a round lost operations");
  await subject.settle();
  return {
    perSecond: (latenciesMs.length * 1_000) / elapsedMs,
    p50Ms: quantile(latenciesMs, 0.5),
    p99Ms: quantile(latenciesMs, 0.99),
    cpuMicros: cpuBefore === null || cpuAfter === null ? null : (cpuAfter - cpuBefore) / latenciesMs.length,
  };
}

function figures(
  name: string,
  own: readonly Measured[],
  floor: readonly Measured[],
  first: readonly Measured[],
): Figures {
  const over = (other: readonly Measured[]): Spread =>
    spread(own.map(({ perSecond }, n) => perSecond / (other[n]?.perSecond ?? Number.NaN)));
  const cpu = own.flatMap(({ cpuMicros }) => (cpuMicros === null ? [] : [cpuMicros]));
  return {
    name,
    rounds: own.length,
    perSecond: spread(own.map((round) => round.perSecond)),
    p50Ms: spread(own.map((round) => round.p50Ms)),
    p99Ms: spread(own.map((round) => round.p99Ms)),
    cpuMicros: cpu.length === 0 ? null : spread(cpu),
    ofFloor: over(floor),
    ofFirst: over(first),
  };
}

/** The floor, then the ledgers. */
export const subjectsOf = (workers: BenchWorkers, ledgers: readonly SeededLedger[]): Subject[] => [
  {
    name: FLOOR,
    cpuMicros: workers.cpuMicros,
    round: (round) => workers.floor({ op: "round", round }),
    settle: () => workers.floor({ op: "clear" }),
  },
  ...ledgers.map(({ checkout, tenant, history }) => ({
    name: checkout === "this" ? `history ${history}` : `${checkout}, history ${history}`,
    cpuMicros: workers.cpuMicros,
    round: (round: Round) => workers.ledger<RoundResult>(checkout, { op: "round", tenant, round }),
    settle: () => workers.ledger(checkout, { op: "settle", tenant }),
  })),
];

export type FiguresByKind = Record<RoundKind, Figures[]>;
