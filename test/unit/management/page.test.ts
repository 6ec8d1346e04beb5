import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeCursor, encodeCursor, pageById } from "../../../src/management/page.ts";

const rowsOf = (ids: string[]) => ids.map((id) => ({ id }));

test("walking the pages gives every row once, in order of id, whatever the page's size", () => {
  const ids = fc.uniqueArray(fc.stringMatching(/^[a-z0-9_-]{1,8}$/), { maxLength: 40 });
  fc.assert(
    fc.property(ids, fc.integer({ min: 1, max: 100 }), (all, limit) => {
      const seen: string[] = [];
      let after = "";
      for (;;) {
        const page = pageById(rowsOf(all), after, limit);
        expect(page.rows.length).toBeLessThanOrEqual(limit);
        seen.push(...page.rows.map(({ id }) => id));
        if (page.next === null) break;
        const decoded = decodeCursor(page.next);
        if (!decoded.ok) throw new Error("a cursor of ours was refused");
        after = decoded.value;
      }
      expect(seen).toEqual(all.toSorted());
    }),
  );
});

test("a row that was deleted between two pages ends nothing", () => {
  expect(pageById(rowsOf(["a", "c", "d"]), "b", 1)).toEqual({ rows: [{ id: "c" }], next: encodeCursor("c") });
});

test.each(["!", "YQ==", " ", "ä"])("a cursor that this API did not make is refused: %j", (cursor) => {
  expect(decodeCursor(cursor)).toMatchObject({ ok: false, error: { field: "cursor" } });
});
