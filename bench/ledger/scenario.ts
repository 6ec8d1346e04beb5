import { writeFileSync } from "node:fs";
import { conditionsNow } from "../conditions.ts";
import type { Scenario } from "../scenario.ts";
import { auditLedger, seedLedger, type SeededLedger } from "./history.ts";
import { measure, subjectsOf, type FiguresByKind } from "./measure.ts";
import { LEDGER_USAGE, parseLedgerOptions, type LedgerOptions } from "./options.ts";
import type { CallCounts, Round } from "./protocol.ts";
import { table, type LedgerResults } from "./report.ts";
import { startWorkers, type BenchWorkers } from "./workers.ts";

/** The longest history that is replayed at the end, in one request. */
const AUDITED_JOBS_MAX = 100_000;

/** Admissions per second of one ledger, by the length of its history, beside what the platform allows at all. */
export const ledgerScenario: Scenario = { usage: LEDGER_USAGE, run };

async function run(argv: readonly string[]): Promise<void> {
  const started = performance.now();
  const options = parseLedgerOptions(argv);
  const conditions = conditionsNow("ledger", argv);
  const workers = await startWorkers(options.queue, options.against);
  try {
    const results: LedgerResults = {
      conditions,
      options,
      ...(await measureAll(workers, options)),
      seconds: (performance.now() - started) / 1_000,
    };
    if (options.json !== null) writeFileSync(options.json, `${JSON.stringify(results, null, 2)}\n`);
    process.stdout.write(table(results));
  } finally {
    await workers.end();
  }
}

type Measurements = Omit<LedgerResults, "conditions" | "options" | "seconds">;

async function measureAll(workers: BenchWorkers, options: LedgerOptions): Promise<Measurements> {
  await workers.floor({ op: "prepare" });
  const ledgers: SeededLedger[] = [];
  const checkouts = options.against === null ? (["this"] as const) : (["this", "against"] as const);
  for (const checkout of checkouts) {
    for (const history of options.histories) ledgers.push(await seedLedger(workers, checkout, history, progress));
  }
  const counts = await countRows(workers, ledgers);

  const subjects = subjectsOf(workers, ledgers);
  const { inFlight, operations, rounds } = options;
  const round = (kind: Round["kind"]): Round => ({ kind, inFlight, operations });
  const figures: FiguresByKind = {
    reserve: await measure(subjects, rounds, round("reserve"), progress),
    cycle: await measure(subjects, rounds, { ...round("cycle"), operations: Math.ceil(operations / 2) }, progress),
  };
  const audited = ledgers.findLast(({ checkout, history }) => checkout === "this" && history <= AUDITED_JOBS_MAX);
  progress("audit");
  return { ledgers, counts, figures, audit: audited ? await auditLedger(workers, audited) : null };
}

/** The rows of one call, of the ledger and of its floors. */
async function countRows(workers: BenchWorkers, ledgers: readonly SeededLedger[]): Promise<Measurements["counts"]> {
  const tenant = ledgers[0]?.tenant ?? "";
  // The second call reads the definitions anew after the key's first use was written down; the third is as all others.
  for (let call = 1; call <= 2; call++) await workers.ledger("this", { op: "count", tenant });
  const ledger = await workers.ledger<CallCounts>("this", { op: "count", tenant });
  const floor = await workers.floor<CallCounts>({ op: "count", kind: "reserve" });
  const cycleFloor = await workers.floor<CallCounts>({ op: "count", kind: "cycle" });
  return { ledger, floor: floor.reserve, cycleFloor };
}

const progress = (text: string): void => void process.stderr.write(`bench: ${text}\n`);
