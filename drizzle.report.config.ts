import { defineConfig } from "drizzle-kit";

/** `drizzle-kit generate --config drizzle.report.config.ts --name verb_noun`: the next migration of D1 REPORT. */
export default defineConfig({
  dialect: "sqlite",
  schema: "./src/reporting/schema.ts",
  out: "./migrations/report",
  // Wrangler splits statements by itself; drizzle's markers would only be noise.
  breakpoints: false,
});
