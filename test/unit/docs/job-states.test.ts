import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { jobStatesPage } from "../../../scripts/docs/job-states.ts";

it("docs/job-states.md is what the code says: `npm run docs` writes it", () => {
  const page = readFileSync(join(import.meta.dirname, "../../../docs/job-states.md"), "utf8");
  expect(page).toBe(jobStatesPage());
});
