import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { exportText } from "../../../src/audit-log/export-text.ts";
import { entryHash, FIRST_HASH } from "../../../src/audit-log/entry-hash.ts";
import { chainOf } from "./chain-of.ts";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "audit-"));
  const doc = readFileSync(join(import.meta.dirname, "../../../docs/audit-log.md"), "utf8");
  writeFileSync(join(folder, "check.mjs"), /```js\n([\s\S]*?)```/.exec(doc)?.[1] ?? "");
});

afterAll(() => rmSync(folder, { recursive: true }));

const check = (input: string): string =>
  spawnSync(process.execPath, [join(folder, "check.mjs")], { input, encoding: "utf8" }).stdout.trim();

test("the script of the docs finds an export right, and each change of it", () => {
  const entries = chainOf(5);
  const text = exportText("ndjson", FIRST_HASH, entries);
  expect(check(text)).toBe(`all right to 5: ${entries[4]?.hash}`);
  const lines = text.trimEnd().split("\n");
  const of = (...kept: number[]) => check(kept.map((n) => lines[n]).join("\n"));
  expect(of(2, 3, 4)).toBe(`all right to 5: ${entries[4]?.hash}`);
  expect(of(0, 1, 3, 4)).toBe("broken at 4");
  expect(of(0, 2, 1, 3)).toBe("broken at 3");
  expect(check(text.replace("Person 3", "Person 9"))).toBe("broken at 3");
  expect(check("")).toBe("empty");
});

test("a CSV cell is undone as the docs say, and gives the same hash", () => {
  const [entry] = chainOf(1);
  if (!entry) throw new Error("no entry");
  const cells = cellsOf(exportText("csv", FIRST_HASH, [entry])).map((cell) => cell.replace(/^'/, ""));
  const [previous = "", chain = "", seq, at = "", begunAt = "", id = "", actor = "", actorName = ""] = cells;
  const [action = "", target = "", ip = "", userAgent = "", before, after, outcome, hash] = cells.slice(8);
  const facts = { chain, seq: Number(seq), at: Date.parse(at), begunAt: Date.parse(begunAt), id, actor, actorName };
  const states = { before: before || null, after: after || null, outcome: outcome as "done" };
  expect(entryHash(previous, { ...facts, ...states, action, target, ip, userAgent })).toBe(hash);
  expect(userAgent).toBe(`=HYPERLINK("x"),'`);
});

test("what a spreadsheet would run is text", () => {
  const [entry] = chainOf(1);
  if (!entry) throw new Error("no entry");
  for (const actorName of ["=1", "+1", "-1", "@x", "\tx", "\rx", "'=1"]) {
    const [, , , , , , , cell] = cellsOf(exportText("csv", FIRST_HASH, [{ ...entry, actorName }]));
    expect(cell).toBe(`'${actorName}`);
  }
});

/** The cells of one line, by RFC 4180. */
function cellsOf(line: string): string[] {
  const cells = [...line.trimEnd().matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map((match) => match[1] ?? "");
  return cells.slice(0, 16).map((cell) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell));
}
