import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";
import { bundleWorker } from "./scripts/start/bundle.ts";
import { makeMailbox } from "./test/support/mailbox.ts";

/** Short waits, so that no test waits; long ones where a test fires the alarm by hand. */
const DURATIONS = {
  SUBMIT_MS_MAX: "3000",
  START_WAIT_MS: "2000",
  HOLD_ACK_MS: "3600000",
  POLL_MS_MIN: "3600000",
  POLL_MS_MAX: "3600000",
  UNKNOWN_WALK_GAP_MS: "3600000",
  SYNC_WAIT_MS_MAX: "5000",
  UPKEEP_MS: "3600000",
};

/** Receivers that hang do so for a moment. */
const WEBHOOKS = { WEBHOOK_MS_MAX: "700", PUBLIC_URL: "http://gateway.test" };

/** A long life in few entries. */
const LONG_LIFE = {
  AUDIT_STEP_ENTRIES: "10",
  CHECKPOINT_ENTRIES: "40",
  SEGMENT_ENTRIES: "10",
  JOURNAL_KEEP_ENTRIES: "20",
};

/** A small account, and one beside it that takes what the other cannot. */
const ACCOUNTS = [
  { name: "live", api_key: "sim_small", concurrent_tasks: 2 },
  { name: "other", api_key: "sim_other", weight: 0 },
];

/** So short that the objects' own alarms drive everything. */
const STORM = {
  PUBLIC_URL: "http://gateway.test",
  SUBMIT_MS_MAX: "1000",
  START_WAIT_MS: "700",
  HOLD_ACK_MS: "1500",
  POLL_MS_MIN: "200",
  POLL_MS_MAX: "800",
  UNKNOWN_WALK_GAP_MS: "1500",
  SYNC_WAIT_MS_MAX: "1000",
  UPKEEP_MS: "200",
  CHECKPOINT_ENTRIES: "1000",
  SEGMENT_ENTRIES: "500",
  JOURNAL_KEEP_ENTRIES: "1000",
};

/** Two small accounts, so that jobs queue and move between them. */
const STORM_ACCOUNTS = [
  { name: "live", api_key: "sim_storm_small", concurrent_tasks: 24 },
  { name: "other", api_key: "sim_storm_other", weight: 0, concurrent_tasks: 48 },
];

/** How long the histories of test/worker/ledger go on: `npm run test:soak` says more than is the rule. */
const { WAVEGATE_RUNS, WAVEGATE_SECONDS, WAVEGATE_SEED, WAVEGATE_PATH } = process.env;
const histories = {
  runs: Number(WAVEGATE_RUNS ?? 1_500),
  seconds: Number(WAVEGATE_SECONDS ?? 30),
  seed: WAVEGATE_SEED === undefined ? null : Number(WAVEGATE_SEED),
  path: WAVEGATE_PATH ?? null,
};

/**
 * Files in plain node share a process. Those in workerd have a runtime each: sharing one was tried, and was three
 * times as fast, but `reset()` between files hung now and then, and without it one file's upstream hung another's.
 *
 * `unit` and `property` in plain node, the rooms in workerd with real Durable Objects, D1 and Queue,
 * the simulator as the upstream, and `e2e` against a started gateway, last and one file at a time.
 */
export default defineConfig(async () => {
  const migrations = {
    CONTROL: await readD1Migrations("./migrations/control"),
    REPORT: await readD1Migrations("./migrations/report"),
  };
  const simulator = {
    name: "wavegate-simulator",
    modules: [
      { type: "ESModule" as const, path: "index.js", contents: await bundleWorker("./src/simulator/index.ts") },
    ],
    compatibilityDate: "2026-10-23",
    durableObjects: { SIMULATED_ACCOUNT: { className: "SimulatedAccount", useSQLite: true } },
  };
  const worker = (name: string, variables: Record<string, string> = {}, mailbox = makeMailbox()) => ({
    plugins: [
      cloudflareTest({
        wrangler: { configPath: "./wrangler.toml" },
        miniflare: {
          bindings: {
            TEST_MIGRATIONS: migrations,
            TEST_HISTORIES: histories,
            WAVEGATE_SECRET: `1:${"ab".repeat(32)}`,
            WAVESPEED_BASE_URL: "http://wavespeed.test",
            WAVESPEED_API_KEY: "sim_test",
            ...DURATIONS,
            ...variables,
          },
          serviceBindings: { TEST_MAILBOX: mailbox },
          queueConsumers: { "wavegate-usage": { maxBatchTimeout: 0.05, maxRetries: 3 } },
          workers: [{ ...simulator, outboundService: mailbox }],
          outboundService: "wavegate-simulator",
        },
      }),
    ],
    test: {
      name,
      include: [`test/worker/${name}/**/*.test.ts`],
      setupFiles: ["./test/support/apply-migrations.ts"],
      testTimeout: 60_000,
    },
  });
  return {
    test: {
      projects: [
        {
          test: {
            name: "unit",
            include: ["test/unit/**/*.test.ts", "test/property/**/*.test.ts", "test/tidy.test.ts"],
            isolate: false,
            testTimeout: 60_000,
          },
        },
        {
          plugins: [cloudflareTest({ wrangler: { configPath: "./src/simulator/wrangler.toml" } })],
          test: {
            name: "simulator",
            include: ["test/worker/simulator/**/*.test.ts"],
            testTimeout: 60_000,
          },
        },
        worker("ledger", LONG_LIFE),
        worker("accounts", { WAVESPEED_ACCOUNTS: JSON.stringify(ACCOUNTS) }),
        worker("webhooks", WEBHOOKS),
        worker("storm", STORM),
        worker("storm-accounts", { ...STORM, WAVESPEED_ACCOUNTS: JSON.stringify(STORM_ACCOUNTS) }),
        ...["jobs", "gateway", "management", "reporting", "console"].map((name) => worker(name)),
        {
          test: {
            name: "e2e",
            include: ["test/e2e/**/*.test.ts"],
            testTimeout: 600_000,
            hookTimeout: 60_000,
            maxWorkers: 1,
            // Started gateways want the machine for themselves.
            sequence: { groupOrder: 1 },
          },
        },
        {
          // Needs chromium.
          test: {
            name: "browser",
            include: ["test/browser/**/*.test.ts"],
            testTimeout: 180_000,
            hookTimeout: 60_000,
            maxWorkers: 1,
            sequence: { groupOrder: 2 },
          },
        },
      ],
    },
  };
});
