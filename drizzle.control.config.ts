import { defineConfig } from "drizzle-kit";

/** `drizzle-kit generate --config drizzle.control.config.ts --name verb_noun`: the next migration of D1 CONTROL. */
export default defineConfig({
  dialect: "sqlite",
  schema: ["./src/settings/schema.ts", "./src/people/schema.ts", "./src/audit-log/schema.ts"],
  out: "./migrations/control",
  // Wrangler splits statements by itself; drizzle's markers would only be noise.
  breakpoints: false,
});
