import { applyD1Migrations, reset } from "cloudflare:test";
import { forgetSettings } from "../../src/settings/index.ts";
import { testEnv } from "./test-env.ts";

// Files share one runtime, since starting one takes longer than most files; none sees what another left.
await reset();
forgetSettings(testEnv.CONTROL);
await applyD1Migrations(testEnv.CONTROL, testEnv.TEST_MIGRATIONS.CONTROL);
await applyD1Migrations(testEnv.REPORT, testEnv.TEST_MIGRATIONS.REPORT);
