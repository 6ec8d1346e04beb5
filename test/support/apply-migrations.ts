import { applyD1Migrations } from "cloudflare:test";
import { testEnv } from "./test-env.ts";

await applyD1Migrations(testEnv.CONTROL, testEnv.TEST_MIGRATIONS.CONTROL);
await applyD1Migrations(testEnv.REPORT, testEnv.TEST_MIGRATIONS.REPORT);
