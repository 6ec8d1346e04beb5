import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { exportText } from "../../../src/audit-log/export-text.ts";
import { entryHash, FIRST_HASH, whoHash } from "../../../src/audit-log/entry-hash.ts";
import { seenEntry } from "../../../src/audit-log/seen-entry.ts";
import type { AuditEntry } from "../../../src/audit-log/types.ts";
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

/** As operators have it, or a tenant's own people. */
const asSeen = (entries: readonly AuditEntry[], hidesOperators = false) =>
  entries.map((entry) => seenEntry(entry, hidesOperators));

test("the script of the docs finds an export right, and each change of it", () => {
  const entries = chainOf(5);
  const text = exportText("ndjson", FIRST_HASH, asSeen(entries));
  expect(check(text)).toBe(`all right to 5: ${entries[4]?.hash}`);
  const lines = text.trimEnd().split("\n");
  const of = (...kept: number[]) => check(kept.map((n) => lines[n]).join("\n"));
  expect(of(2, 3, 4)).toBe(`all right to 5: ${entries[4]?.hash}`);
  expect(of(0, 1, 3, 4)).toBe("broken at 4");
  expect(of(0, 2, 1, 3)).toBe("broken at 3");
  for (const n of [1, 2, 3, 5]) expect(check(text.replace(`Person ${n} `, "Person 9 "))).toBe(`broken at ${n}`);
  expect(check("")).toBe("empty");
});

test("what a tenant's own people export says of an operator that it was one, and is checked all the same", () => {
  const entries = chainOf(5);
  const text = exportText("ndjson", FIRST_HASH, asSeen(entries, true));
  const hidden = JSON.parse(text.split("\n")[2] ?? "") as Record<string, unknown>;
  expect(hidden).toMatchObject({ actor: "operator", actor_name: "operator", ip: "", user_agent: "", who_salt: null });
  expect(JSON.stringify(hidden)).not.toMatch(/00000000000000aa|Person|198\.51|HYPERLINK/);
  expect(check(text)).toBe(`all right to 5: ${entries[4]?.hash}`);
  const replaced = (from: string, to: string) => {
    const lines = text.split("\n");
    lines[2] = lines[2]?.replace(from, to) ?? "";
    return check(lines.join("\n"));
  };
  // Neither what was done nor who it stands for nor that it was an operator is changed in it.
  expect(replaced("2.000000", "3.000000")).toBe("broken at 3");
  expect(replaced(String(hidden["who"]), "0".repeat(64))).toBe("broken at 3");
  expect(replaced('"seen_as":"operator"', '"seen_as":"person:9b1c22f04ad85e67"')).toBe("broken at 3");
  // Nor is a salt taken away to say that it was somebody else.
  const own = JSON.parse(text.split("\n")[1] ?? "") as Record<string, unknown>;
  const forged = { ...own, who_salt: null, actor: "person:0000000000000000", actor_name: "Somebody else" };
  const lines = text.split("\n").map((line, n) => (n === 1 ? JSON.stringify(forged) : line));
  expect(check(lines.join("\n"))).toBe("broken at 2");
  lines[1] = JSON.stringify({ ...forged, actor: "operator" });
  expect(check(lines.join("\n"))).toBe("broken at 2");
  // Of others it has all, as operators do.
  expect(text.split("\n")[1]).toBe(exportText("ndjson", FIRST_HASH, asSeen(entries)).split("\n")[1]);
});

test("an operator's entry from before there was a salt is said not to be checked by its text", () => {
  const [old] = chainOf(1);
  if (!old) throw new Error("no entry");
  const facts = { ...old, actor: "operator:00000000000000aa", seenAs: "operator" };
  const entry = { ...facts, hash: entryHash(FIRST_HASH, facts) };
  expect(check(exportText("ndjson", FIRST_HASH, asSeen([entry])))).toBe(`all right to 1: ${entry.hash}`);
  const seen = check(exportText("ndjson", FIRST_HASH, asSeen([entry], true)));
  expect(seen).toBe(`all right to 1: ${entry.hash}; not checked by their text: 1`);
});

test("a CSV cell is undone as the docs say, and gives the same hash", () => {
  const entry = chainOf(2)[1];
  if (!entry) throw new Error("no entry");
  const cells = cellsOf(exportText("csv", FIRST_HASH, asSeen([entry]))).map((cell) => cell.replace(/^'/, ""));
  const [, chain = "", seq, at = "", begunAt = "", id = "", actor = "", actorName = ""] = cells;
  const [action = "", target = "", ip = "", userAgent = "", before, after, outcome] = cells.slice(8);
  const [seenAs = "", who, whoSalt = "", hash] = cells.slice(15);
  const facts = { chain, seq: Number(seq), at: Date.parse(at), begunAt: Date.parse(begunAt), id, actor, actorName };
  const states = { before: before || null, after: after || null, outcome: outcome as "done" };
  const undone = { ...facts, ...states, action, target, ip, userAgent, seenAs, whoSalt };
  expect(whoHash(undone)).toBe(who);
  expect(hash).toBe(entry.hash);
  expect(entryHash(chainOf(1)[0]?.hash ?? "", undone)).toBe(hash);
  expect(userAgent).toBe(`=HYPERLINK("x"),'`);
});

test("what a spreadsheet would run is text", () => {
  const [entry] = chainOf(1);
  if (!entry) throw new Error("no entry");
  for (const actorName of ["=1", "+1", "-1", "@x", "\tx", "\rx", "'=1"]) {
    const [, , , , , , , cell] = cellsOf(exportText("csv", FIRST_HASH, asSeen([{ ...entry, actorName }])));
    expect(cell).toBe(`'${actorName}`);
  }
});

/** The cells of one line, by RFC 4180. */
function cellsOf(line: string): string[] {
  const cells = [...line.trimEnd().matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map((match) => match[1] ?? "");
  return cells.slice(0, 19).map((cell) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell));
}
