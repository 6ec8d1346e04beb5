import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { asCurl, asJavaScript, asPython } from "../../../src/console/pages/playground/code.ts";

/** What people type: quotes of every kind, a line's end, a backslash, what a shell or a template would read as more. */
const HOSTILE = { prompt: `it's "a" \\ lighthouse $HOME \`id\` ''' \n second line`, duration: "5", n: 0.5, flag: true };
const call = { gateway: "http://localhost:8787", model: "kwaivgi/kling-v2.0-t2v-master", input: HOSTILE };

test("curl: the shell hands on the input as it was typed", () => {
  const script = asCurl(call).replace(/^curl/, `printf '%s\\0'`);
  const words = execFileSync("/bin/sh", ["-c", script], { env: { WAVEGATE_KEY: "wg_test_x" } })
    .toString()
    .split("\0");
  expect(words).toContain("Authorization: Bearer wg_test_x");
  expect(JSON.parse(words[words.indexOf("-d") + 1] ?? "")).toEqual(HOSTILE);
});

test("JavaScript: the input is a literal of the same value", () => {
  const literal = /client\.run\("[^"]+", ([\s\S]*)\);\nprocess/.exec(asJavaScript(call))?.[1] ?? "";
  expect(JSON.parse(literal)).toEqual(HOSTILE);
});

test("Python: the input is read out of a raw text that ends where it should", () => {
  const raw = /json\.loads\(r'''([\s\S]*)'''\)\)/.exec(asPython(call))?.[1] ?? "'''";
  expect(raw).not.toContain("'''");
  expect(JSON.parse(raw)).toEqual(HOSTILE);
});
