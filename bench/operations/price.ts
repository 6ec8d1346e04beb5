import { COUNTED, NOTHING, type Counts } from "./protocol.ts";
import type { RecordedCounts } from "./record.ts";

/** What one job takes of all that is billed. Seconds, milliseconds, and plain numbers. */
export interface Quantities {
  workerRequests: number;
  cpuMs: number;
  objectRequests: number;
  objectSeconds: number;
  objectRowsWritten: number;
  databaseRowsWritten: number;
  rowsRead: number;
  queueOperations: number;
}

/** Of one unit for a million jobs, in dollars: Workers Paid, beyond what is included (developers.cloudflare.com, November 2026). */
export const UNIT_PRICES: Quantities = {
  workerRequests: 0.3,
  cpuMs: 0.02,
  objectRequests: 0.15,
  // $12.50 for a million GB-seconds, of 128 MB.
  objectSeconds: 12.5 * 0.128,
  objectRowsWritten: 1,
  databaseRowsWritten: 1,
  rowsRead: 0.001,
  queueOperations: 0.4,
};

/** Time cannot be counted: this is assumed, and printed as such. */
export const ASSUMED = {
  /**
   * Processor time of one request of the Worker; an object's own is not billed. Measured once (2 processors, AMD EPYC, 2026-11-30): a poll
   * takes 0.45 ms and a submit with all that follows from it 8.6 ms of all workerd, objects, databases and queue included.
   */
  cpuMsPerWorkerRequest: 1,
  /** How long an object is awake for one request, without what it waits for WaveSpeed. */
  objectMsPerRequest: 5,
  /** How long a tracker waits for one answer of WaveSpeed's; one that is idle is not billed. */
  objectMsPerUpstreamCall: 250,
} as const;

/** A message is written, read and deleted. */
const OPERATIONS_PER_MESSAGE = 3;

export function quantitiesOf(counts: RecordedCounts): Quantities {
  const worker = sumWhere(counts, (place) => place === "worker");
  const queue = sumWhere(counts, (place) => place === "queue");
  const databases = sumWhere(counts, (place) => place.startsWith("D1 "));
  const objects = sumWhere(counts, (place) => OBJECTS.has(place));
  const { cpuMsPerWorkerRequest, objectMsPerRequest, objectMsPerUpstreamCall } = ASSUMED;
  const objectMs = objects.requests * objectMsPerRequest + objects.upstreamCalls * objectMsPerUpstreamCall;
  return {
    workerRequests: worker.requests,
    cpuMs: worker.requests * cpuMsPerWorkerRequest,
    objectRequests: objects.requests,
    objectSeconds: objectMs / 1_000,
    objectRowsWritten: objects.rowsWritten + objects.alarmsSet,
    databaseRowsWritten: databases.rowsWritten,
    rowsRead: objects.rowsRead + databases.rowsRead,
    queueOperations: queue.requests * OPERATIONS_PER_MESSAGE,
  };
}

const OBJECTS = new Set(["ledger", "tracker", "account", "desk"]);

/** By quantity, dollars for a million jobs. */
export function pricesOf(quantities: Quantities): Quantities {
  const names = Object.keys(UNIT_PRICES) as (keyof Quantities)[];
  return Object.fromEntries(names.map((name) => [name, quantities[name] * UNIT_PRICES[name]])) as unknown as Quantities;
}

export const totalOf = (prices: Quantities): number =>
  Object.values(prices).reduce((sum: number, price) => sum + price, 0);

/** `name`: "place: operation". */
export const placeOf = (name: string): string => name.slice(0, name.indexOf(": "));

/** All counts of the places that are wanted. */
export function sumWhere(counts: RecordedCounts, isWanted: (place: string) => boolean): Counts {
  const sum = { ...NOTHING };
  for (const [name, added] of Object.entries(counts)) {
    if (isWanted(placeOf(name))) for (const what of COUNTED) sum[what] += added[what] ?? 0;
  }
  return sum;
}
