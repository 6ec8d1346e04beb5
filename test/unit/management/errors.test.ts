import { z } from "@hono/zod-openapi";
import { expect, test } from "vitest";
import { fieldIssues, FIELD_ISSUES_MAX } from "../../../src/management/field-issues.ts";
import { shownValue } from "../../../src/management/shown-value.ts";

const Schema = z.strictObject({
  name: z.string().min(2).max(4),
  mode: z.enum(["live", "test"]),
  count: z.number().max(9).optional(),
  tags: z.array(z.string()).max(1).optional(),
});

function issuesOf(body: unknown) {
  const parsed = Schema.safeParse(body);
  if (parsed.success) throw new Error("accepted");
  return fieldIssues(parsed.error, body);
}

test("each issue says which field, what it may be and what it was", () => {
  expect(issuesOf({ name: "abcde", mode: "LIVE", count: 10, tags: ["a", "b"], extra: null })).toEqual([
    { field: "name", rule: "must be at most 4 characters long", value: '"abcde"' },
    { field: "mode", rule: 'must be "live" or "test"', value: '"LIVE"' },
    { field: "count", rule: "must be at most 9", value: "10" },
    { field: "tags", rule: "must be at most 1 entries long", value: "a list of 2" },
    { field: "extra", rule: "is not a field of this request", value: "null" },
  ]);
  expect(issuesOf({ mode: "live", tags: [1] })).toEqual([
    { field: "name", rule: "must be of type string", value: "missing" },
    { field: "tags.0", rule: "must be of type string", value: "1" },
  ]);
  expect(issuesOf(null)).toEqual([{ field: "body", rule: "must be a JSON object", value: "null" }]);
});

test("there are at most twenty, and names are cut", () => {
  const many = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`${"x".repeat(200)}${index}`, 1]));
  const issues = issuesOf({ name: "ab", mode: "live", ...many });
  expect(issues).toHaveLength(FIELD_ISSUES_MAX);
  expect(issues.every(({ field }) => field.length <= 100)).toBe(true);
});

test.each([
  ["a key", `wg_mgmt_${"k".repeat(63)}`],
  ["a key at the cut", `${"x".repeat(50)}wg_live_${"k".repeat(63)}`],
  ["a key far behind", `${"x".repeat(240)}wg_test_${"k".repeat(63)}`],
])("a shown value never holds %s", (_name, text) => {
  const shown = shownValue(text);
  expect(shown).not.toContain("kkkk");
  expect(shown.length).toBeLessThanOrEqual(64);
});
