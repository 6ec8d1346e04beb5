import { defineConfig } from "vitest/config";

/** Pure rooms in plain node: no workerd, so a change is tested within a second. */
export default defineConfig({
  test: {
    include: ["test/unit/**/*.test.ts", "test/property/**/*.test.ts"],
    environment: "node",
  },
});
