import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ERRORS } from "../../../src/errors/catalogue.ts";

test("docs/errors.md tells every code of the catalogue, as it is", () => {
  const page = readFileSync(join(import.meta.dirname, "../../../docs/errors.md"), "utf8");
  const rows = [...page.matchAll(/^\| `(\w+)` *\| (\d+) *\| (\w+) *\| (yes|no) *\| (\S.*) \|$/gm)];
  const told = rows.map(([, code, status, owner, retryable]) => ({ code, status, owner, retryable }));
  const known = Object.entries(ERRORS).map(([code, { status, owner, retryable }]) => ({
    code,
    status: String(status),
    owner,
    retryable: retryable ? "yes" : "no",
  }));
  expect(told).toEqual(known);
});
