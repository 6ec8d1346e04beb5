import { expect, test } from "vitest";
import { differences } from "../../../src/console/pages/audit-log/differences.ts";

test("only what differs is told, by its path", () => {
  const before = { limit: "1", scope: { team: "film" }, scopes: ["submit", "read"], gone: false };
  const after = { limit: "2", scope: { team: "film" }, scopes: ["submit"], note: null };
  expect(differences(before, after)).toEqual({
    shown: [
      { field: "limit", before: "1", after: "2" },
      { field: "note", before: null, after: "null" },
      { field: "scopes.1", before: "read", after: null },
      { field: "gone", before: "false", after: null },
    ],
    more: 0,
  });
});

test("what was made has no before, what was deleted no after, and a text is a value", () => {
  expect(differences(null, { id: "a" }).shown).toEqual([{ field: "id", before: null, after: "a" }]);
  expect(differences({ id: "a" }, null).shown).toEqual([{ field: "id", before: "a", after: null }]);
  expect(differences("x", []).shown).toEqual([{ field: "value", before: "x", after: "[]" }]);
  expect(differences(null, undefined)).toEqual({ shown: [], more: 0 });
});

test("a page stays small whatever was written", () => {
  const many = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`f${at}`, "x".repeat(1_000)]));
  const { shown, more } = differences(null, many);
  expect([shown.length, more]).toEqual([60, 40]);
  expect(Math.max(...shown.map(({ after }) => after?.length ?? 0))).toBe(300);
});
