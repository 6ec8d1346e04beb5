import { env } from "cloudflare:workers";
import type { D1Migration } from "cloudflare:test";
import type { Env } from "../../src/config.ts";

/** The Worker's bindings as a test in workerd has them. */
export const testEnv = env as unknown as Env & {
  TEST_MIGRATIONS: { CONTROL: D1Migration[]; REPORT: D1Migration[] };
  /** What the simulator posts to PUBLIC_URL; see mailbox.ts. */
  TEST_MAILBOX: Fetcher;
  /** Whichever of `runs` and `seconds` is over first ends it; `path`: fast-check's, with its seed. */
  TEST_HISTORIES: { runs: number; seconds: number; seed: number | null; path: string | null };
};
