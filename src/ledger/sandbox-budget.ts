import type { Budget } from "./types.ts";

/** What a sandbox key may spend a day where nobody gave it a tenant-level test budget. */
export const SANDBOX_BUDGET: Omit<Budget, "timeZone"> = {
  id: "sandbox-default",
  mode: "test",
  scope: { kind: "tenant" },
  window: "day",
  limitMicros: 100_000_000,
  thresholds: [],
};
