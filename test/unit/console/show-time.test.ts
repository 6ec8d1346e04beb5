import { expect, test } from "vitest";
import { showResultTime } from "../../../src/console/show-time.ts";
import { RESULT_MS_EDGES, resultQuantile } from "../../../src/reporting/result-times.ts";

test("a quantile within the first bucket claims no more than the bucket's end", () => {
  const twoFastJobs = resultQuantile([2, 0, 0, 0, 0, 0, 0, 0, 0, 0], 0.5);
  expect(showResultTime(twoFastJobs)).toBe(`under ${RESULT_MS_EDGES[0] / 1_000} s`);
  expect(showResultTime(RESULT_MS_EDGES[0])).toBe("15.0 s");
  expect(showResultTime(null)).toBe("–");
});
