import fc from "fast-check";
import { expect, test } from "vitest";
import type { ApiKey, BudgetScope, BudgetState } from "../../../src/ledger/types.ts";
import { bindKey } from "../../../src/management/bind-key.ts";
import { fromScope, ScopeSchema, toBudget, toScope } from "../../../src/management/budget-shape.ts";
import { tenantIdsOf } from "../../../src/management/tenant-id.ts";
import { parseMicros } from "../../../src/money/index.ts";

const MODEL = "kwaivgi/kling-v2.1-i2v-master";

const budget = (scope: BudgetScope, state: Partial<BudgetState> = {}): BudgetState => ({
  id: "b",
  mode: "live",
  scope,
  window: "total",
  limitMicros: 0,
  timeZone: "UTC",
  capturedMicros: 0,
  heldMicros: 0,
  heldJobs: 0,
  windowStart: null,
  windowEnd: null,
  thresholds: [50, 100],
  reached: [50],
  ...state,
});

const SCOPES: BudgetScope[] = [
  { kind: "tenant" },
  { kind: "team", team: "red" },
  { kind: "key", key: "0123456789abcdef" },
  { kind: "model", model: MODEL },
  { kind: "tag", name: "campaign", value: "a:b/c" },
];

test.each(SCOPES)("a scope is the same there and back: %j", (scope) => {
  expect(fromScope(ScopeSchema.parse(toScope(scope)))).toEqual(scope);
});

const micros = (text: string): number => {
  const parsed = parseMicros(text);
  if (!parsed.ok) throw new Error(text);
  return parsed.value;
};

test("limit + over_by = captured + held + remaining, remaining is never negative, over_by never zero", () => {
  const amount = fc.integer({ min: 0, max: 2 ** 50 });
  fc.assert(
    fc.property(amount, amount, amount, (limitMicros, capturedMicros, heldMicros) => {
      const shown = toBudget(budget({ kind: "tenant" }, { limitMicros, capturedMicros, heldMicros }));
      const over = shown.over_by === undefined ? 0 : micros(shown.over_by);
      expect(limitMicros + over).toBe(capturedMicros + heldMicros + micros(shown.remaining));
      expect(shown.over_by).not.toBe("0.000000");
    }),
  );
});

test("a key is bound by budgets of its tenant, team, own id, models and any tag, in its own mode", () => {
  const key: ApiKey = {
    id: "0123456789abcdef",
    name: "app",
    mode: "live",
    team: "red",
    models: [MODEL],
    scopes: ["submit"],
    ips: null,
    dedupeWindowSeconds: 0,
    createdAt: 0,
    expiresAt: null,
    disabledAt: null,
    revokedAt: null,
    lastUsedAt: null,
    secrets: [],
  };
  const all = SCOPES.map((scope) => budget(scope));
  const foreign = [
    budget({ kind: "team", team: "blue" }),
    budget({ kind: "key", key: "f".repeat(16) }),
    budget({ kind: "model", model: "a/b" }),
    budget({ kind: "tenant" }, { mode: "test" }),
  ];
  expect(bindKey([...all, ...foreign], key)).toEqual(all);
  expect(bindKey(foreign, { ...key, team: null, models: null })).toEqual([foreign[2]]);
});

test("an Idempotency-Key stands for one id under each secret", () => {
  const [one, two] = [
    { version: 1, secret: "ab".repeat(32) },
    { version: 2, secret: "cd".repeat(32) },
  ];
  const before = tenantIdsOf("k", { newest: one, previous: null });
  const after = tenantIdsOf("k", { newest: two, previous: one });
  expect(before.newest).toMatch(/^[0-9a-f]{12}$/);
  expect(after.previous).toBe(before.newest);
  expect(after.newest).not.toBe(before.newest);
  expect(tenantIdsOf("l", { newest: one, previous: null }).newest).not.toBe(before.newest);
});
