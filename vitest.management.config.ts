import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

export default defineConfig(async () => ({
  plugins: [
    cloudflareTest({
      main: "./test/worker/management/entry.ts",
      miniflare: {
        compatibilityDate: "2026-10-23",
        bindings: {
          CONTROL_MIGRATIONS: await readD1Migrations("./migrations/control"),
          REPORT_MIGRATIONS: await readD1Migrations("./migrations/report"),
          WAVEGATE_SECRET: `1:${"ab".repeat(32)}`,
          WAVESPEED_BASE_URL: "http://localhost:1",
          WAVESPEED_API_KEY: "unused",
          HOLD_ACK_MS: "3600000",
        },
        d1Databases: ["CONTROL", "REPORT"],
        durableObjects: { TENANT_LEDGER: { className: "TenantLedger", useSQLite: true } },
        queueProducers: { USAGE_QUEUE: "usage" },
      },
    }),
  ],
  test: { include: ["test/worker/management/**/*.test.ts"] },
}));
