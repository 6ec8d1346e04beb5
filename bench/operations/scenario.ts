import { progress, publish } from "../results.ts";
import type { Scenario } from "../scenario.ts";
import { differencesFrom } from "./compare-record.ts";
import { countOperations } from "./count-operations.ts";
import { OPERATIONS_USAGE, parseOperationsOptions } from "./options.ts";
import { readRecord, writeRecord } from "./record-file.ts";
import { recordOf } from "./record.ts";
import { operationsText, statementsText } from "./tables.ts";

/** What one job takes of everything that the platform bills: counted, not timed. */
export const operationsScenario: Scenario = { usage: OPERATIONS_USAGE, run };

async function run(argv: readonly string[]): Promise<void> {
  const options = parseOperationsOptions(argv);
  const counted = await countOperations(progress);
  const record = recordOf(counted);
  const statements = options.statements
    ? `\nBy webhook\n\n${statementsText(counted.webhook)}\nBy polling\n\n${statementsText(counted.polling)}`
    : "";
  publish(options.json, record, operationsText(record) + statements);
  if (options.record) return writeRecord(record);
  const differences = differencesFrom(readRecord(), record);
  if (differences.length > 0) {
    throw new Error(`not as recorded (if that is meant: --record):\n  ${differences.join("\n  ")}`);
  }
}
