import { applyD1Migrations } from "cloudflare:test";
import { env } from "cloudflare:workers";

await applyD1Migrations(env.CONTROL, env.TEST_MIGRATIONS.CONTROL);
await applyD1Migrations(env.REPORT, env.TEST_MIGRATIONS.REPORT);
