import { expect, test } from "vitest";
import { differencesFrom } from "../../bench/operations/compare-record.ts";
import { countOperations } from "../../bench/operations/count-operations.ts";
import { readRecord } from "../../bench/operations/record-file.ts";
import { recordOf } from "../../bench/operations/record.ts";

const ON_PURPOSE = "if this is meant: npm run bench -- operations --record, and commit bench/operations/recorded.json";

test("one job takes as many requests, rows and calls of the platform as are recorded", async () => {
  const found = recordOf(await countOperations(() => {}));
  expect(differencesFrom(readRecord(), found), ON_PURPOSE).toEqual([]);
});
