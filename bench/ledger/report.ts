import type { Conditions } from "../conditions.ts";
import type { Spread } from "../statistics.ts";
import type { SeededLedger } from "./history.ts";
import { FLOOR, type Figures, type FiguresByKind } from "./measure.ts";
import type { LedgerOptions } from "./options.ts";
import type { CallCounts, StatementCount } from "./protocol.ts";

export interface LedgerResults {
  conditions: Conditions;
  options: LedgerOptions;
  ledgers: SeededLedger[];
  /** The SQL of one call. `floor`: of the floor of reserve; `cycleFloor`: of the floor of a whole cycle. */
  counts: { ledger: CallCounts; floor: StatementCount; cycleFloor: CallCounts };
  figures: FiguresByKind;
  audit: { history: number; entries: number; seconds: number } | null;
  seconds: number;
}

/** The results in words and columns. */
export function table(results: LedgerResults): string {
  const { conditions: c, options: o, counts } = results;
  return `${[
    `ledger bench, ${c.date}: ${c.command}`,
    `commit ${c.commit}, node ${c.node}, workerd ${c.workerd}, ${c.cpus} cpus (${c.cpuModel}), load ${c.loadBefore.toFixed(2)} before`,
    `one object each in one workerd, state on disk; ${o.inFlight} in flight; rounds in turns after a warm-up;`,
    `every job under two budgets (tenant by month, key by day), no Idempotency-Key; usage entries: ${o.queue === "local" ? "to the local queue" : "dropped"}`,
    "",
    `reserve: ${roundsOf(results.figures.reserve)} rounds of ${o.operations} admissions, settled between the rounds`,
    `  floor: 1 conditional update, 1 insert (${inWords(counts.floor)}); ledger: ${inWords(counts.ledger.reserve)}`,
    ...rows(results.figures.reserve),
    "",
    `reserve + settle: ${roundsOf(results.figures.cycle)} rounds of ${Math.ceil(o.operations / 2)} cycles, every hold captured`,
    `  floor: ${inWords(counts.cycleFloor.reserve)}, then ${inWords(counts.cycleFloor.settle)}; ` +
      `ledger: ${inWords(counts.ledger.reserve)}, then ${inWords(counts.ledger.settle)}`,
    ...rows(results.figures.cycle),
    "",
    ...results.ledgers.map(
      (l) =>
        `${l.checkout}, history of ${l.history}: made in ${l.seedSeconds.toFixed(1)} s, an object wakes on it in ${l.wakeMs.toFixed(0)} ms`,
    ),
    results.audit
      ? `audit of the ledger of ${results.audit.history}: consistent, ${results.audit.entries} entries in ${results.audit.seconds.toFixed(1)} s`
      : "no history short enough to audit",
    `whole run ${results.seconds.toFixed(0)} s`,
  ].join("\n")}\n`;
}

const roundsOf = (figures: readonly Figures[]): number => figures[0]?.rounds ?? 0;

const inWords = (count: StatementCount): string => `${count.statements} statements, ${count.rowsWritten} rows written`;

const HEAD = [
  "",
  "per second (min..max)",
  "p50 ms",
  "p99 ms",
  "cpu us",
  "of floor (min..max)",
  "of the first (min..max)",
];

function rows(figures: readonly Figures[]): string[] {
  const lines = [HEAD, ...figures.map(line)];
  const widths = HEAD.map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)));
  return lines.map((cells) => `  ${cells.map((cell, n) => cell.padEnd(widths[n] ?? 0)).join("  ")}`.trimEnd());
}

const line = (f: Figures): string[] => [
  f.name,
  inRange(f.perSecond, (value) => value.toFixed(0)),
  f.p50Ms.median.toFixed(1),
  f.p99Ms.median.toFixed(1),
  f.cpuMicros === null ? "" : f.cpuMicros.median.toFixed(0),
  ...(f.name === FLOOR ? [] : [inRange(f.ofFloor, percent), inRange(f.ofFirst, percent)]),
];

const inRange = (s: Spread, text: (value: number) => string): string =>
  `${text(s.median)} (${text(s.min)}..${text(s.max)})`;

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
