import { columns } from "../results.ts";
import { ASSUMED, placeOf, pricesOf, quantitiesOf, sumWhere, totalOf, UNIT_PRICES, type Quantities } from "./price.ts";
import { COUNTED, type Counts, type Line } from "./protocol.ts";
import type { OperationsRecord, RecordedCounts } from "./record.ts";

const HEAD = ["requests", "rows written", "alarms set", "rows read", "upstream calls"];

/** Dollars for a million jobs, with 20 client polls each. */
const AIMS = { webhook: 40, polling: 60 };

export function operationsText(record: OperationsRecord): string {
  return [
    `One job, its end told by WaveSpeed's webhook\n\n${countsTable(record.webhook)}`,
    `One job, its end found by polling alone\n\n${countsTable(record.polling)}`,
    `What each further budget adds\n\n${countsTable(record.furtherBudget)}`,
    priceTable(record),
  ].join("\n");
}

/** Each operation, then each place, then all. */
function countsTable(counts: RecordedCounts): string {
  const places = [...new Set(Object.keys(counts).map(placeOf))];
  const row = (name: string, found: Partial<Counts>): string[] => [
    name,
    ...COUNTED.map((what) => String(found[what] ?? 0)),
  ];
  const rows = places.flatMap((place) => {
    const own = Object.entries(counts).filter(([name]) => placeOf(name) === place);
    const sum = row(
      `${place}, all`,
      sumWhere(counts, (other) => other === place),
    );
    return [...own.map(([name, found]) => row(name, found)), ...(own.length > 1 ? [sum] : [])];
  });
  return columns([
    ["", ...HEAD],
    ...rows,
    row(
      "all",
      sumWhere(counts, () => true),
    ),
  ]);
}

const NAMES: Record<keyof Quantities, string> = {
  workerRequests: "Worker requests",
  cpuMs: "processor time, ms (assumed)",
  objectRequests: "object requests and alarms",
  objectSeconds: "object duration, s (assumed)",
  objectRowsWritten: "rows written in objects, alarms set",
  databaseRowsWritten: "rows written in D1",
  rowsRead: "rows read",
  queueOperations: "queue operations",
};

function priceTable({ webhook, polling, furtherBudget }: OperationsRecord): string {
  const parts = [webhook, polling, furtherBudget].map(quantitiesOf);
  const prices = parts.map(pricesOf);
  const names = Object.keys(NAMES) as (keyof Quantities)[];
  const rows = names.map((name) => [
    NAMES[name],
    `$${UNIT_PRICES[name]}`,
    ...parts.flatMap((part, n) => [number(part[name]), (prices[n]?.[name] ?? 0).toFixed(2)]),
  ]);
  const totals = prices.flatMap((price) => ["", totalOf(price).toFixed(2)]);
  const head = ["", "a unit", "webhook", "$", "polling", "$", "further budget", "$"];
  const { cpuMsPerWorkerRequest, objectMsPerRequest, objectMsPerUpstreamCall } = ASSUMED;
  return (
    `A job's quantities, and dollars for a million jobs\n\n` +
    columns([
      head,
      ...rows,
      ["all", "", ...totals],
      ["aim: under", "", "", String(AIMS.webhook), "", String(AIMS.polling)],
    ]) +
    `\nassumed: ${cpuMsPerWorkerRequest} ms of processor time for a Worker request; an object is awake ${objectMsPerRequest} ms for a request,\n` +
    `and ${objectMsPerUpstreamCall} ms more while it waits for WaveSpeed. Logs, R2 and the cron are not in it.\n`
  );
}

const number = (value: number): string => String(Math.round(value * 1_000) / 1_000);

/** Which statement wrote how many rows. */
export function statementsText(lines: readonly Line[]): string {
  const writing = lines.filter(({ rowsWritten }) => rowsWritten !== 0);
  const rows = writing
    .toSorted((a, b) => b.rowsWritten - a.rowsWritten)
    .map(({ place, operation, statement, rowsWritten }) => [`${place}: ${operation}`, String(rowsWritten), statement]);
  return columns([["", "rows written", "statement"], ...rows]);
}
