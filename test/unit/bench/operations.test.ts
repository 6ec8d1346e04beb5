import { expect, test } from "vitest";
import { differencesFrom } from "../../../bench/operations/compare-record.ts";
import { difference } from "../../../bench/operations/lines.ts";
import { parseOperationsOptions } from "../../../bench/operations/options.ts";
import { pricesOf, quantitiesOf, totalOf } from "../../../bench/operations/price.ts";
import { NOTHING, type Line } from "../../../bench/operations/protocol.ts";
import { recordOf, type OperationsRecord } from "../../../bench/operations/record.ts";

const line = (given: Partial<Line>): Line => ({
  ...NOTHING,
  place: "ledger",
  operation: "settle",
  statement: "",
  ...given,
});

const record: OperationsRecord = {
  webhook: { "ledger: settle": { requests: 1, rowsWritten: 6 }, "worker: poll": { requests: 20 } },
  polling: {},
  furtherBudget: {},
};

test("what was there before is taken off, line by line", () => {
  const before = [line({ requests: 2, rowsWritten: 8 }), line({ operation: "reserve", requests: 1 })];
  const after = [line({ requests: 3, rowsWritten: 12 }), line({ operation: "reserve", requests: 1 })];
  expect(difference(after, before)).toEqual([line({ requests: 1, rowsWritten: 4 })]);
});

test("a line that is only in the earlier count is less by all of it", () => {
  expect(difference([], [line({ alarmsSet: 1 })])).toEqual([line({ alarmsSet: -1 })]);
});

test("the record adds statements up, and leaves out what is zero", () => {
  const webhook = [line({ requests: 1 }), line({ statement: "INSERT", rowsWritten: 2, rowsRead: 1 })];
  expect(recordOf({ webhook, polling: [], furtherBudget: [] })).toEqual({
    webhook: { "ledger: settle": { requests: 1, rowsWritten: 2, rowsRead: 1 } },
    polling: {},
    furtherBudget: {},
  });
});

test("a count that is as recorded is no difference", () => {
  expect(differencesFrom(record, structuredClone(record))).toEqual([]);
});

test("a higher count is told with its name, the recorded and the found number", () => {
  const found = { ...record, webhook: { ...record.webhook, "ledger: settle": { requests: 1, rowsWritten: 7 } } };
  expect(differencesFrom(record, found)).toEqual(["webhook, ledger: settle, rowsWritten: recorded 6, found 7"]);
});

test("a lower count is a difference too, and so is what is new or gone", () => {
  const found = { ...record, webhook: { "worker: poll": { requests: 19 }, "queue: ledger settle": { requests: 1 } } };
  expect(differencesFrom(record, found)).toEqual([
    "webhook, ledger: settle, requests: recorded 1, found 0",
    "webhook, ledger: settle, rowsWritten: recorded 6, found 0",
    "webhook, worker: poll, requests: recorded 20, found 19",
    "webhook, queue: ledger settle, requests: recorded 0, found 1",
  ]);
});

test("a job's quantities: an alarm that is set is a row, a message three operations", () => {
  const quantities = quantitiesOf({
    "worker: poll": { requests: 20 },
    "ledger: settle": { requests: 1, rowsWritten: 6, alarmsSet: 1, rowsRead: 19 },
    "tracker: alarm": { requests: 9, rowsWritten: 19, alarmsSet: 9, upstreamCalls: 8 },
    "D1 REPORT: worker queue batch": { rowsWritten: 9, rowsRead: 40 },
    "queue: ledger settle": { requests: 2 },
  });
  expect(quantities).toEqual({
    workerRequests: 20,
    cpuMs: 20,
    objectRequests: 10,
    objectSeconds: 2.05,
    objectRowsWritten: 35,
    databaseRowsWritten: 9,
    rowsRead: 59,
    queueOperations: 6,
  });
});

test("Cloudflare's prices, for a million jobs", () => {
  const prices = pricesOf({
    workerRequests: 24,
    cpuMs: 24,
    objectRequests: 50,
    objectSeconds: 2.75,
    objectRowsWritten: 62,
    databaseRowsWritten: 9,
    rowsRead: 453,
    queueOperations: 6,
  });
  expect(prices.objectRowsWritten).toBe(62);
  expect(prices.objectSeconds).toBeCloseTo(4.4);
  expect(totalOf(prices)).toBeCloseTo(7.2 + 0.48 + 7.5 + 4.4 + 62 + 9 + 0.453 + 2.4);
});

test("the record is rewritten only if that is said", () => {
  expect(parseOperationsOptions([])).toEqual({ record: false, statements: false, json: null });
  expect(parseOperationsOptions(["--record", "--json", "out.json"])).toMatchObject({ record: true, json: "out.json" });
  expect(() => parseOperationsOptions(["--faster"])).toThrow("npm run bench -- operations");
});
