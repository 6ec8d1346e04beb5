import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { jobStatesPage } from "./docs/job-states.ts";

/** Writes the pages that are made from the code. A unit test fails while one of them is not what the code says. */
writeFileSync(join(import.meta.dirname, "../docs/job-states.md"), jobStatesPage());
