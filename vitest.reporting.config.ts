import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

/** Runs the reporting room alone, in workerd on its own two databases. */
export default defineConfig(async () => ({
  test: {
    projects: [
      { test: { name: "reporting-unit", include: ["test/unit/reporting/**/*.test.ts"] } },
      {
        plugins: [
          cloudflareTest({
            miniflare: {
              compatibilityDate: "2026-10-23",
              d1Databases: ["CONTROL", "REPORT"],
              bindings: {
                TEST_MIGRATIONS: {
                  CONTROL: await readD1Migrations("./migrations/control"),
                  REPORT: await readD1Migrations("./migrations/report"),
                },
              },
            },
          }),
        ],
        test: { name: "reporting-worker", include: ["test/worker/reporting/**/*.test.ts"], testTimeout: 60_000 },
      },
    ],
  },
}));
