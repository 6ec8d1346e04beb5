import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { OperationsRecord } from "./record.ts";

const FILE = join(import.meta.dirname, "recorded.json");

/** The counts that are committed. */
export const readRecord = (): OperationsRecord => JSON.parse(readFileSync(FILE, "utf8")) as OperationsRecord;

export const writeRecord = (record: OperationsRecord): void =>
  writeFileSync(FILE, `${JSON.stringify(record, null, 2)}\n`);
