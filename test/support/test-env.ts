import { env } from "cloudflare:workers";
import type { D1Migration } from "cloudflare:test";
import type { Env } from "../../src/config.ts";

/** The Worker's bindings as a test in workerd has them. */
export const testEnv = env as unknown as Env & {
  TEST_MIGRATIONS: { CONTROL: D1Migration[]; REPORT: D1Migration[] };
};
