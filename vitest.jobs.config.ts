import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";
import { bundleWorker } from "./scripts/start/bundle.ts";

/** The job-tracking rooms in workerd: the whole gateway, with the simulator as its upstream. */
export default defineConfig(async () => ({
  plugins: [
    cloudflareTest({
      wrangler: { configPath: "./wrangler.toml" },
      miniflare: {
        bindings: {
          TEST_MIGRATIONS: {
            CONTROL: await readD1Migrations("./migrations/control"),
            REPORT: await readD1Migrations("./migrations/report"),
          },
          WAVEGATE_SECRET: `1:${"ab".repeat(32)}`,
          WAVESPEED_BASE_URL: "http://wavespeed.test",
          WAVESPEED_API_KEY: "sim_test",
          SUBMIT_MS_MAX: "3000",
          START_WAIT_MS: "2000",
          HOLD_ACK_MS: "3600000",
          POLL_MS_MIN: "3600000",
          POLL_MS_MAX: "3600000",
          UNKNOWN_WALK_GAP_MS: "3600000",
          SYNC_WAIT_MS_MAX: "5000",
        },
        queueConsumers: { "wavegate-usage": { maxBatchTimeout: 0.05, maxRetries: 3 } },
        workers: [
          {
            name: "wavegate-simulator",
            modules: [
              { type: "ESModule" as const, path: "index.js", contents: await bundleWorker("./src/simulator/index.ts") },
            ],
            compatibilityDate: "2026-10-23",
            durableObjects: { SIMULATED_ACCOUNT: { className: "SimulatedAccount", useSQLite: true } },
          },
        ],
        outboundService: "wavegate-simulator",
      },
    }),
  ],
  test: {
    name: "jobs",
    include: ["test/worker/jobs/**/*.test.ts"],
    setupFiles: ["./test/support/apply-migrations.ts"],
    testTimeout: 60_000,
  },
}));
