import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [cloudflareTest({ wrangler: { configPath: "./src/simulator/wrangler.toml" } })],
  test: { name: "simulator", include: ["test/worker/simulator/**/*.test.ts"] },
});
